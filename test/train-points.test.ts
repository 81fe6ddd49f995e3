/** `twnet train nonkey --speed` as a process: a segmenter's operating points, on videos without labels and on stills. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelCard } from '@twnet/node/model/model-files';
import { encodeClip } from '@twnet/node/video/recode-clip';
import { writeMadeSegmenter } from '@twnet/testing/made-segmenter';
import { movingTexture } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { writeTinyCamVid } from './tiny-camvid.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-train-points-'));
  await writeMadeSegmenter(at('model'));
  await writeRandomModel(at('lateral'), 'mobilenet-v1');
  await writeTinyCamVid(at('camvid'), 64);
  const { frames } = movingTexture(96, 64, 24, 2, 1);
  writeFileSync(at('drive.m4v'), encodeClip(frames, { width: 96, height: 64 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = (name: string, keys: object): string[] => {
  const common = { size: { height: 64, width: 96 }, batch: 2, clipLength: 4, samples: 3, validateEvery: 0 };
  writeFileSync(at(name), JSON.stringify({ ...common, ...keys }));
  return ['--config', at(name), '--threads', '2', '--json'];
};
const train = (...more: string[]) => twnet('train', 'nonkey', ...more);
const refused = (...more: string[]) => twnetHere('train', 'nonkey', ...more);
const losses = (run: string): number[] =>
  readFileSync(at(run, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).loss ?? []);

describe('twnet train nonkey --speed', () => {
  it('learns on a video and adds the point to the card', async () => {
    const place = (out: string) => ['--model', at('model'), '--videos', at('drive.m4v'), '--out', at(out)];
    const whole = await train('--speed', 'fast', ...place('whole'), ...config('four.json', { steps: 4 }));
    expect(whole.stderr).toBe('');
    const { outputs: _, ...scores } = JSON.parse(whole.stdout);
    expect(Object.keys(scores).sort()).toEqual(
      ['agreement', 'half', 'warp'].flatMap((name) => [name, `${name} mIoU`]),
    );
    for (const score of Object.values(scores)) expect(score).toBeGreaterThan(0);
    const { networks } = await readModelCard(at('model'));
    expect(networks.fast).toMatchObject({
      point: { propagated: 'scores', divisor: 4, hidden: 32, accumulated: true },
      correction: { cfr: true, rga: true },
    });
    expect(networks.accurate).toBeUndefined();
    expect(losses('whole')).toHaveLength(4);
  });

  it('learns on stills beside it, with labels, frame after frame', async () => {
    const design = { accumulated: false, rga: false };
    const keys = config('both.json', { steps: 2, design, data: { videos: 0.5 } });
    const both = ['--data', at('camvid'), '--videos', at('drive.m4v'), '--model', at('model')];
    const run = await train('--speed', 'accurate', ...both, '--out', at('both'), ...keys);
    expect(run.stderr).toBe('');
    expect(losses('both')).toHaveLength(2);
    const { networks } = await readModelCard(at('model'));
    expect(networks.accurate?.point).toMatchObject({ propagated: 'refined', divisor: 2, accumulated: false });
    expect(networks.accurate?.correction).toEqual({ cfr: true, rga: false });
  });

  it.each([
    [['--speed', 'fast', '--layer', '1'], /--layer and --speed: choose one/],
    [['--videos', 'drive.m4v'], /--videos: belongs to --speed/],
    [[], /--data: is missing; layers learn on labelled stills/],
    [['--speed', 'fast', '--preset', 'paper'], /--preset: there is none for --speed/],
    [['--speed', 'fast'], /there is nothing to learn on; give --videos or --data/],
  ])('refuses %j', async (flags, message) => {
    expectOneLine(await refused('--model', at('model'), '--out', at('refused'), ...flags), 2, message);
  });

  it('refuses a model that is no segmenter', async () => {
    const place = ['--model', at('lateral'), '--videos', at('drive.m4v'), '--out', at('refused')];
    const run = await refused('--speed', 'fast', ...place);
    expectOneLine(run, 2, /lateral: is no segmenter; train .* with --layer/);
  });

  it('prints its configuration', async () => {
    const { stdout } = await twnet('train', 'config', 'nonkey', '--speed', 'fast');
    expect(JSON.parse(stdout)).toMatchObject({ speed: 'fast', design: { propagated: 'scores', divisor: 4 } });
  });
});
