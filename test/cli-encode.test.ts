/** `twnet encode` as a process: the paper's stream from a video and from images, and what it refuses. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { openVideo } from '@twnet/node/video/open-video';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { silentWav } from './made-media.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

async function writeImage(path: string, width: number, height: number, brightness: number): Promise<void> {
  const background = { r: brightness, g: 90, b: 160 };
  await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toFile(path);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-encode-'));
  for (const name of ['images', 'mixed', 'empty']) mkdirSync(at(name));
  // Natural order: 2 before 10.
  for (const [name, brightness] of [
    ['1', 20],
    ['2', 80],
    ['10', 200],
  ] as const)
    await writeImage(at('images', `frame${name}.png`), 64, 48, brightness);
  await writeImage(at('mixed', 'a.png'), 64, 48, 0);
  await writeImage(at('mixed', 'b.png'), 64, 64, 0);
  await writePanningVideo(at('video.mp4'), { width: 96, height: 64, frames: 10 });
  writeFileSync(at('sound.wav'), silentWav(1));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function framesOf(path: string) {
  const video = await openVideo(path);
  const types: string[] = [];
  const red: number[] = [];
  for await (const { pictureType, pixels } of video) {
    types.push(pictureType);
    red.push(pixels[0]);
  }
  return { info: video.info, types: types.join(''), red };
}

describe('twnet encode', () => {
  it('makes the paper’s stream from a video', async () => {
    const result = await twnet(
      'encode',
      at('video.mp4'),
      '-o',
      at('out.mp4'),
      '--gop',
      '4',
      '--size',
      '64x48',
    );
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    const { info, types } = await framesOf(at('out.mp4'));
    expect(info).toMatchObject({
      codec: 'mpeg4',
      width: 64,
      height: 48,
      frameRate: 25,
      motionSource: 'codec',
    });
    expect(types).toBe('IPPPIPPPIP');
  });

  it('makes it from a folder of images, in their natural order', async () => {
    expect((await twnet('encode', at('images'), '-o', at('stills.avi'), '--fps', '17')).exitCode).toBe(0);
    const { info, types, red } = await framesOf(at('stills.avi'));
    expect(info).toMatchObject({ codec: 'mpeg4', width: 64, height: 48, frameRate: 17 });
    expect(types).toBe('IPP');
    for (const [index, brightness] of [20, 80, 200].entries())
      expect(Math.abs(red[index] - brightness)).toBeLessThan(8);
  });

  it('says as JSON what it made', async () => {
    const output = at('told.mkv');
    const { exitCode, stdout, stderr } = await twnet('encode', at('video.mp4'), '-o', output, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      input: at('video.mp4'),
      output,
      codec: 'mpeg4',
      gop: 12,
      frames: 10,
      losses: [],
      lossTotals: { places: 0, frames: 0, damagedFrames: 0 },
      outputs: [{ path: output, what: 'mpeg4 video', frames: 10, bytes: statSync(output).size }],
    });
  });

  it('encodes what is there of a truncated video, says so and ends with 3', async () => {
    await writePanningVideo(at('cut.mkv'), { width: 96, height: 64, frames: 40 });
    truncateSync(at('cut.mkv'), Math.floor(statSync(at('cut.mkv')).size * 0.6));
    const result = await twnet('encode', at('cut.mkv'), '-o', at('rest.mp4'), '--json');
    expectOneLine(result, 3, /cut\.mkv: only partly readable; lost .*; the rest was encoded/);
    const { frames, losses } = JSON.parse(result.stdout);
    expect(losses.length).toBeGreaterThan(0);
    expect((await framesOf(at('rest.mp4'))).types).toHaveLength(frames);
  });

  it.each([
    { input: 'none.mp4', message: /none\.mp4/ },
    { input: 'sound.wav', message: /sound\.wav.*no video/ },
    { input: 'empty', message: /empty: holds no images/ },
    { input: 'mixed', message: /b\.png: is 64×64, but a\.png is 64×48/ },
  ])('names what is wrong with “$input” and leaves nothing', async ({ input, message }) => {
    const before = everything();
    expectOneLine(await twnetHere('encode', at(input), '-o', at('x.mp4')), 2, message);
    expect(everything()).toEqual(before);
  });

  it.each([
    { output: 'video.mp4/x.mp4', exitCode: 4, message: /x\.mp4/ },
    { output: 'empty', exitCode: 2, message: /empty/ },
    { output: 'video.mp4', exitCode: 2, message: /is the input itself/ },
  ])('refuses to write “$output”', async ({ output, exitCode, message }) => {
    const before = everything();
    expectOneLine(await twnetHere('encode', at('video.mp4'), '-o', at(output)), exitCode, message);
    expect(everything()).toEqual(before);
  });

  it('refuses values that no encoder takes', async () => {
    for (const extra of [
      ['--gop', '0'],
      ['--size', '64'],
      ['--fps', '-1'],
      ['--quality', '40'],
      ['--codec', 'vp9'],
    ])
      expectOneLine(
        await twnetHere('encode', at('video.mp4'), '-o', at('x.mp4'), ...extra),
        2,
        new RegExp(extra[0]),
      );
  });
});
