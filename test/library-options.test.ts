/** Library calls with options that plain JavaScript lets through: one line each, before anything is opened. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { InputError } from '@twnet/core/errors';
import { type BareNetworks, keepingNetworks } from '@twnet/core/segment/keeping-networks';
import { Model } from '@twnet/node/model/model';
import { modelDigest } from '@twnet/node/model/model-files';
import { loadNetworks, openParallel } from '@twnet/node/networks/networks';
import { writeSegmentation } from '@twnet/node/output/write-segmentation';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import { trainKey } from '@twnet/train/key/train-key';
import { trainNonKey } from '@twnet/train/non-key/train-non-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';

const folder = mkdtempSync(join(tmpdir(), 'twnet-options-'));
const at = (...parts: string[]) => join(folder, ...parts);
const size = { width: 64, height: 48 };
beforeAll(async () => {
  await writeRandomModel(at('model'));
  await writePanningVideo(at('clip.mp4'), { ...size, frames: 4, gop: 2 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// biome-ignore lint/suspicious/noExplicitAny: what no types check
type Anything = any;

/** One line that begins with the call. */
async function expectRefused(call: () => Promise<unknown>, message: RegExp): Promise<void> {
  const error = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const text = (error as Error).message;
  expect(text).toMatch(message);
  expect(text).not.toContain('\n');
}

it.each<[Anything, RegExp]>([
  [{ ...size, with: 3 }, /^loadNetworks: there is no option with; did you mean width\?; they are width, /],
  [{ ...size, perframe: true }, /^loadNetworks: there is no option perframe; did you mean perFrame\?/],
  [{ width: 64 }, /^loadNetworks: height must be a number$/],
  [{ ...size, width: Number.NaN }, /^loadNetworks: width must be a number, not NaN$/],
  [{ ...size, width: '64' }, /^loadNetworks: width must be a number, not "64"$/],
  [{ ...size, width: 64.5 }, /^loadNetworks: width must be a whole number, not 64.5$/],
  [{ ...size, layer: 4 }, /^loadNetworks: layer must be one of 1, 2, 3, not 4$/],
  [{ ...size, threads: 0 }, /^loadNetworks: threads must be at least 1, not 0$/],
  [undefined, /^loadNetworks: the options must be an object, not undefined$/],
])('loadNetworks(…, %j)', (options, message) =>
  expectRefused(() => loadNetworks(at('model'), options), message));

it('models that are none', async () => {
  for (const none of [null, 3, { folder: 'm' }] as Anything[]) {
    await expectRefused(() => loadNetworks(none, size), /^loadNetworks: the model must be a folder's path/);
    await expectRefused(() => Model.open(none), /^Model\.open: the model must be a folder's path/);
  }
  const path = at('model') as Anything;
  await expectRefused(() => openParallel(path, 2, size), /^openParallel: the model must be one that is open/);
});

it.each<[Anything, Anything, RegExp]>([
  [0, size, /^openParallel: parallel must be a whole number from 1, not 0$/],
  [Number.NaN, size, /^openParallel: parallel must be a whole number from 1, not NaN$/],
  [2, { ...size, treads: 2 }, /^openParallel: there is no option treads; did you mean threads\?/],
])('openParallel(model, %j, %j)', async (parallel, options, message) => {
  const model = await Model.open(at('model'));
  await expectRefused(() => openParallel(model, parallel, options), message);
});

it.each<[Anything, RegExp]>([
  [{ maxside: 640 }, /^openVideo: there is no option maxside; did you mean maxSide\?/],
  [{ motionSource: 'codecs' }, /^openVideo: motionSource must be one of .*; did you mean "codec"\?$/],
  [{ scale: '0.5' }, /^openVideo: scale must be a number or 'auto', not "0.5"$/],
  [{ stream: -1 }, /^openVideo: stream must be at least 0, not -1$/],
  [{ stream: Number.NaN }, /^openVideo: stream must be a number, not NaN$/],
  [{ start: '3' }, /^openVideo: start must be a number/],
  [{ pixels: 'no' }, /^openVideo: pixels must be true or false/],
  [{ timeout: 0 }, /^openVideo: timeout must be seconds, more than 0, not 0$/],
  [{ signal: {} }, /^openVideo: signal must be an AbortSignal/],
])('openVideo(…, %j)', (options, message) =>
  expectRefused(() => openVideo(at('clip.mp4'), options), message));

it('sources that are none', async () => {
  for (const none of [undefined, null, '', 3, {}, new Uint8Array(0)] as Anything[])
    await expectRefused(() => openVideo(none), /^openVideo: the source must be a path, an address, /);
});

it.each<[Anything, RegExp]>([
  [
    { ouput: 'a.mp4' },
    /^encodeVideo: (there is no option ouput; did you mean output\?|output must be a text)/,
  ],
  [{ frameRate: Number.NaN }, /^encodeVideo: frameRate must be frames a second, .*, not NaN$/],
  [{ width: 0 }, /^encodeVideo: width must be at least 1, not 0$/],
  [{ codec: 'h265' }, /^encodeVideo: codec must be one of .*; did you mean "h264"\?$/],
  [{ gop: 0 }, /^encodeVideo: gop must be at least 1, not 0$/],
  [{ quality: Number.NaN }, /^encodeVideo: quality must be a number, not NaN$/],
  [
    { encoder: { nme: 'libx265' } },
    /^encodeVideo: there is no option encoder\.nme; did you mean encoder\.name\?/,
  ],
])('encodeVideo(%j)', async (options, message) => {
  const output = at('encoded.mp4');
  await expectRefused(() => encodeVideo({ output, ...size, frameRate: 25, ...options }), message);
  expect(existsSync(output)).toBe(false);
});

describe('writeSegmentation', () => {
  const bare: BareNetworks = {
    ...{ classes: 2, ...size, layer: 3, contextChannels: 1, contextStride: 4 },
    key: async () => ({ scores: new Float32Array(2 * 16 * 12), context: new Float32Array(16 * 12) }),
    nonKey: async (_, warped) => ({ scores: new Float32Array(2 * 16 * 12), context: warped }),
  };

  it.each<[Anything, RegExp]>([
    [{ label: 'l' }, /^writeSegmentation: there is no option label; did you mean labels\?/],
    [{ opacity: 2 }, /^writeSegmentation: opacity must be at most 1, not 2$/],
    [{ opacity: Number.NaN }, /^writeSegmentation: opacity must be a number, not NaN$/],
    [{ legend: 'no' }, /^writeSegmentation: legend must be true or false/],
    [{ onFrame: true }, /^writeSegmentation: onFrame must be a function/],
    [{ until: {} }, /^writeSegmentation: until must be an AbortSignal/],
    [{ overlay: '' }, /^writeSegmentation: overlay must not be empty/],
    [{ classes: 'car' }, /^writeSegmentation: classes must be a list/],
    [
      { keyFrames: { mode: 'evry', n: 3 } },
      /^writeSegmentation: keyFrames\.mode .*; did you mean "every"\?$/,
    ],
    [undefined, /^writeSegmentation: the options must be an object/],
  ])('(…, %j)', async (options, message) => {
    await using video = await openVideo(at('clip.mp4'));
    await using networks = keepingNetworks(bare);
    await expectRefused(() => writeSegmentation(video, networks, options), message);
  });

  it("says whose weights made the labels, as the model's card and digest have it", async () => {
    await using video = await openVideo(at('clip.mp4'));
    await using networks = await loadNetworks(at('model'), { ...size, threads: 1 });
    await writeSegmentation(video, networks, { labels: at('labels'), format: 'none' });
    const { model } = JSON.parse(readFileSync(at('labels', 'labels.json'), 'utf8'));
    expect(model).toEqual({ name: networks.card.name, digest: await modelDigest(at('model')) });
  });

  it("names no weights of networks of one's own; leaving their block closes them", async () => {
    let closed = 0;
    const palette = [[1, 2, 3] as const, [4, 5, 6] as const];
    {
      await using video = await openVideo(at('clip.mp4'));
      await using networks = keepingNetworks({ ...bare, close: async () => void closed++ });
      await writeSegmentation(video, networks, { labels: at('own'), format: 'none', palette });
    }
    expect(closed).toBe(1);
    expect(JSON.parse(readFileSync(at('own', 'labels.json'), 'utf8')).model).toEqual({ name: 'unknown' });
  });
});

it.each<[Anything, RegExp]>([
  [{ thread: 2 }, /^trainKey: there is no option thread; did you mean threads\?/],
  [{ resume: 'yes' }, /^trainKey: resume must be true or false, not "yes"$/],
  [{ config: { stepz: 3 } }, /^trainKey: there is no option config\.stepz; did you mean config\.steps\?/],
  [{ config: { batch: 0 } }, /^trainKey: config\.batch must be at least 1, not 0$/],
  [{ signal: {} }, /^trainKey: signal must be an AbortSignal/],
])('trainKey(%j)', async (options, message) => {
  const given = { data: at('camvid'), out: at('run'), resume: false, progress: {}, config: {}, ...options };
  await expectRefused(() => trainKey(given), message);
  expect(existsSync(at('run'))).toBe(false);
});

it('trainNonKey(…) without a model', () =>
  expectRefused(
    () =>
      trainNonKey({
        data: at('camvid'),
        out: at('run'),
        resume: false,
        progress: {},
        config: {},
      } as Anything),
    /^trainNonKey: model must be a text/,
  ));
