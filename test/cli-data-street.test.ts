/** `twnet data street` as a process: videos, folders, labels and motion, and what it refuses. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@twnet/node/images/images';
import { loadLabels } from '@twnet/node/images/label-image';
import { openVideo } from '@twnet/node/video/open-video';
import { StreetScene } from '@twnet/street/street-scene';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { filesIn } from './files-in.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-street-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ['--size', '64x48', '--fps', '10', '--seconds', '0.5', '--seed', '4'];

describe('twnet data street', () => {
  it('writes the paper’s stream with labels and motion beside it', async () => {
    const args = [
      '-o',
      at('s.mp4'),
      '--labels',
      at('labels'),
      '--motion',
      at('motion'),
      '--gop',
      '3',
      '--json',
    ];
    const { exitCode, stdout, stderr } = await twnet('data', 'street', ...SMALL, ...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 5, width: 64, height: 48, frameRate: 10, seed: 4 });
    const video = await openVideo(at('s.mp4'));
    expect(video.info).toMatchObject({ codec: 'mpeg4', width: 64, height: 48, frameRate: 10 });
    let types = '';
    for await (const { pictureType } of video) types += pictureType;
    expect(types).toBe('IPPIP');
    const scene = new StreetScene({ seed: 4, width: 64, height: 48, frameRate: 10 });
    const third = scene.frame(2);
    expect((await loadLabels(at('labels', '000002.png'))).labels).toEqual(third.labels);
    const flow = readFileSync(at('motion', '000002.flo'));
    expect(flow.subarray(0, 4).toString()).toBe('PIEH');
    expect([flow.readInt32LE(4), flow.readInt32LE(8)]).toEqual([64, 48]);
    expect(flow.readFloatLE(12 + 8 * 500)).toBe(third.dx[500]);
    expect(flow.readFloatLE(12 + 8 * 500 + 4)).toBe(third.dy[500]);
    const hidden = await loadLabels(at('motion', '000002-occluded.png'));
    expect(hidden.labels).toEqual(third.occluded.map((value) => 255 * value));
  });

  it('fills a folder that is a data set', async () => {
    expect((await twnet('data', 'street', ...SMALL, '-o', at('set'))).exitCode).toBe(0);
    const names = [0, 1, 2, 3, 4].map((n) => `00000${n}.png`);
    expect(filesIn(at('set', 'images', 'train'))).toEqual(names);
    expect(filesIn(at('set', 'labels', 'train'))).toEqual(names);
    const { pixels } = new StreetScene({ seed: 4, width: 64, height: 48, frameRate: 10 }).frame(0);
    expect((await loadImage(at('set', 'images', 'train', '000000.png'))).pixels).toEqual(pixels);
    const check = await twnet('data', 'check', at('set'), '--json');
    expect([check.exitCode, check.stderr]).toEqual([0, '']);
  });

  it.each([
    { args: ['--size', '63x48'], message: /--size/ },
    { args: ['--fps', '0'], message: /--fps/ },
    { args: ['--seconds', 'x'], message: /--seconds/ },
    { args: ['--seed', '-1'], message: /--seed/ },
  ])('refuses $args', async ({ args, message }) => {
    const before = everything();
    expectOneLine(await twnetHere('data', 'street', '-o', at('x.mp4'), ...args), 2, message);
    expect(everything()).toEqual(before);
  });

  it('leaves nothing where it cannot write', async () => {
    writeFileSync(at('file'), '');
    const before = everything();
    const args = ['-o', at('y.mp4'), '--labels', at('file', 'labels')];
    expectOneLine(await twnetHere('data', 'street', ...SMALL, ...args), 4, /file/);
    expect(everything()).toEqual(before);
  });
});
