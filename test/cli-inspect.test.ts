/** `twnet inspect` as a process: figures, the motion video, damage, and what cannot be read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { openVideo } from '@twnet/node/video/open-video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { silentWav } from './made-media.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-inspect-'));
  await writePanningVideo(at('video.mp4'), { width: 96, height: 64, frames: 14 });
  await writePanningVideo(at('cut.mkv'), { width: 96, height: 64, frames: 60 });
  truncateSync(at('cut.mkv'), Math.floor(readFileSync(at('cut.mkv')).length * 0.6));
  writeFileSync(at('sound.wav'), silentWav(1));
  writeFileSync(at('text.avi'), 'This is no video.\n'.repeat(100));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet inspect', () => {
  it('tells what a stream holds', async () => {
    const { exitCode, stdout } = await twnet('inspect', at('video.mp4'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}size +96×64$/m);
    expect(stdout).toMatch(/^ {2}frames +14: 2 I, 12 P, 0 B$/m);
  });

  it('prints JSON and draws the motion', async () => {
    const { exitCode, stdout, stderr } = await twnet(
      'inspect',
      at('video.mp4'),
      '--json',
      '--no-attention',
      '-o',
      at('motion.mp4'),
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      codec: 'mpeg4',
      width: 96,
      height: 64,
      motionSource: 'codec',
      losses: [],
    });
    expect(report.frames).toEqual({ I: 2, P: 12, B: 0 });
    // The texture pans by 2 pixels across and 1 down in every frame: √5.
    expect(report.meanMotion).toBeGreaterThan(2);
    expect(report.meanMotion).toBeLessThan(2.5);
    const motion = await openVideo(at('motion.mp4'));
    await motion.close();
    expect(motion.info).toMatchObject({ width: 192, height: 64 });
  });

  it('draws the attention beside it', async () => {
    await writeRandomModel(at('model'));
    const result = await twnet(
      'inspect',
      at('video.mp4'),
      '-o',
      at('three.mp4'),
      '--model',
      at('model'),
      '--json',
    );
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(JSON.parse(result.stdout).frames).toEqual({ I: 2, P: 12, B: 0 });
    const video = await openVideo(at('three.mp4'));
    expect(video.info).toMatchObject({ width: 288, height: 64 });
    const third: number[] = [];
    for await (const { pixels } of video) {
      let sum = 0;
      for (let y = 0; y < 64; y++) for (let x = 200; x < 280; x++) sum += pixels[y * 288 + x];
      third.push(sum / (64 * 80));
    }
    // No attention on key frames; a random model's sigmoid is warm everywhere else.
    expect(third[0]).toBeLessThan(30);
    expect(third[5]).toBeGreaterThan(100);
  });

  it('says what is lost of a truncated file, and ends with 3', async () => {
    const result = await twnetHere('inspect', at('cut.mkv'), '--json');
    expectOneLine(result, 3, /cut\.mkv: only partly readable; lost/);
    expect(JSON.parse(result.stdout).losses.length).toBeGreaterThan(0);
  });

  it.each([
    { input: 'none.mp4', message: /none\.mp4/ },
    { input: 'sound.wav', message: /sound\.wav.*no video/ },
    { input: 'text.avi', message: /text\.avi.*not a video/ },
  ])('names what is wrong with “$input” and leaves nothing', async ({ input, message }) => {
    const before = readdirSync(folder).sort();
    expectOneLine(await twnetHere('inspect', at(input), '-o', at('x.mp4')), 2, message);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
