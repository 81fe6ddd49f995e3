/** `twnet segment` and `inspect` as processes, on videos whose pictures are to be shown otherwise than they are coded. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture } from '@twnet/testing/moving-texture';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';
import { type CliResult, twnet } from './run-cli.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const segment = (...args: string[]): Promise<CliResult> => twnet('segment', ...args, '--model', at('model'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-pictures-'));
  await writeRandomModel(at('model'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('interlaced video', () => {
  it('is segmented, deinterlaced, and said so', async () => {
    const options = { 'x264-params': 'tff=1:pic-struct=1:bframes=2:log-level=none' };
    const clip = movingTexture(160, 96, 14, 2, 1);
    await makeStream(clip, { output: at('tff.ts'), encoder: 'libx264', options, fields: 'top' });
    const { exitCode, stdout, stderr } = await segment(
      at('tff.ts'),
      '--labels',
      at('tff'),
      '--stats',
      at('tff.json'),
    );
    expect(stderr).toMatch(/tff\.ts: it is interlaced: frames are deinterlaced/);
    expect(stderr.match(/interlaced: frames are/g)).toHaveLength(1);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('14 frames')]);
    const stats = JSON.parse(readFileSync(at('tff.json'), 'utf8'));
    expect(stats).toMatchObject({ motionSource: 'estimate', frames: { total: 14, key: 2 } });
    expect(stats.notes.join()).toMatch(/deinterlaced.*vectors of interlaced video/);
    const inspected = await twnet('inspect', at('tff.ts'));
    expect(inspected.stdout).toMatch(/fields +two in each frame/);
    expect(inspected.stdout).toMatch(/motion from +vectors of interlaced video are those of fields/);
  });
});

describe('a video whose pictures change their size', () => {
  it('has one key frame at each change, and labels of the first size', async () => {
    const clips = [movingTexture(160, 96, 4, 2, 1), movingTexture(96, 160, 4, 2, 1)];
    await makeStream(clips, {
      output: at('sizes.ts'),
      encoder: 'libx264',
      options: { 'x264-params': 'log-level=none' },
    });
    const { exitCode, stderr } = await segment(
      at('sizes.ts'),
      '--labels',
      at('sizes'),
      '--stats',
      at('sizes.json'),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /from frame 4 \(0\.16 s\) on pictures change from 160×96 to 96×160: fitted into 160×96/,
    );
    expect(JSON.parse(readFileSync(at('sizes.json'), 'utf8'))).toMatchObject({
      frames: { total: 8, key: 2 },
      width: 160,
      height: 96,
    });
    const { width, height } = await sharp(at('sizes', '000006.png')).metadata();
    expect([width, height]).toEqual([160, 96]);
  });
});

describe('--max-side', () => {
  it('works on smaller frames and says so; labels keep the full size', async () => {
    const aspect = [4, 3] as const;
    await makeStream(movingTexture(256, 160, 3, 4, 2), { output: at('large.mp4'), encoder: 'mpeg4', aspect });
    const { exitCode, stderr } = await segment(at('large.mp4'), '--max-side', '128', '--labels', at('large'));
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/large\.mp4: its frames are taken at 128×80 instead of 256×160/);
    const { width, height } = await sharp(at('large', '000002.png')).metadata();
    expect([width, height]).toEqual([256, 160]);
    const wrong = await segment(at('large.mp4'), '--max-side', '12');
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringMatching(/max-side.*at least 16/)]);
    const inspected = await twnet('inspect', at('large.mp4'));
    expect(inspected.stdout).toMatch(/size +256×160, pixels of 4:3/);
  });
});
