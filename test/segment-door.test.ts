/** `segment(input)` gives the labels of the long way, and leaves nothing open however its loop ends. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  NetworksOptions,
  OpenVideoOptions,
  SegmentedFrame,
  SegmentInputOptions,
  SegmentOptions,
} from '../packages/twnet/src/index.js';
import { writeRandomModel } from './random-model.js';

/** Built by build-once.ts: its threads start at once. */
const BUILT = new URL('../packages/twnet/dist/twnet/src/index.js', import.meta.url).href;
const twnet = (await import(BUILT)) as typeof import('../packages/twnet/src/index.js');
const { CAMVID, InputError, loadNetworks, modelDigest, MotionSource, openVideo, segment, segmentVideo } =
  twnet;

const folder = mkdtempSync(join(tmpdir(), 'twnet-door-'));
const clip = join(folder, 'drive.mp4');
const model = join(folder, 'model');
const FRAMES = 6;
const own = { model, threads: 1 } as const;
/** With one network. */
const small = { ...own, perFrame: true } as const;

const workers = new Set<Worker>();
const watch = (worker: Worker): void => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
};

beforeAll(async () => {
  process.on('worker', watch);
  await writeRandomModel(model);
  await writePanningVideo(clip, { width: 96, height: 64, frames: FRAMES, gop: 3 });
});
afterAll(() => {
  process.off('worker', watch);
  rmSync(folder, { recursive: true, force: true });
});

/** Descriptors of the clip that are open, where the system lists them. */
function openFiles(): number {
  if (process.platform !== 'linux') return 0;
  const targets = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target === clip).length;
}

afterEach(() => {
  expect({ threads: workers.size, files: openFiles() }).toEqual({ threads: 0, files: 0 });
});

const shown = ({ frame, kind, labels }: SegmentedFrame) =>
  `${frame.index} ${frame.pictureType} ${kind} ${Buffer.from(labels).toString('base64')}`;

async function shownOf(frames: AsyncIterable<SegmentedFrame>): Promise<string[]> {
  const lines: string[] = [];
  for await (const frame of frames) lines.push(shown(frame));
  return lines;
}

/** Video, networks and loop, one by one. */
async function theLongWay(
  opening: OpenVideoOptions,
  networksOptions: Partial<NetworksOptions>,
  options: SegmentOptions,
): Promise<string[]> {
  await using video = await openVideo(clip, opening);
  const { width, height } = video.info;
  await using networks = await loadNetworks(model, { ...networksOptions, width, height, threads: 1 });
  return await shownOf(segmentVideo(video, networks, options));
}

describe('segment(input)', () => {
  it('gives the labels of the long way, waited for or not', async () => {
    const expected = await theLongWay({}, {}, {});
    expect(expected.map((line) => line.split(' ', 3).join(' '))).toContain('1 P nonkey');
    expect(await shownOf(segment(clip, own))).toEqual(expected);
    expect(await shownOf(await segment(clip, { ...own, parallel: 2 }))).toEqual(expected);
  });

  it.each<[string, SegmentInputOptions, OpenVideoOptions, Partial<NetworksOptions>, SegmentOptions]>([
    ['perFrame, told once', { perFrame: true }, {}, { perFrame: true }, {}],
    [
      'what each of its calls takes',
      {
        start: 0.04,
        duration: 0.16,
        maxSide: 48,
        layer: 3,
        warpAlone: true,
        keyFrames: { mode: 'every', n: 2 },
      },
      { start: 0.04, duration: 0.16, maxSide: 48 },
      { layer: 3, warpAlone: true },
      { keyFrames: { mode: 'every', n: 2 } },
    ],
  ])('takes %s', async (_, options, opening, networks, segmenting) => {
    expect(await shownOf(segment(clip, { ...own, ...options }))).toEqual(
      await theLongWay(opening, networks, segmenting),
    );
  });

  it('warps along the motion that is asked for', async () => {
    using motion = await MotionSource.open('matching', 96, 64);
    const expected = await theLongWay({ motionSource: 'none' }, {}, { motion });
    expect(await shownOf(segment(clip, { ...own, motion: 'matching' }))).toEqual(expected);
  });

  it('has classes, colours, model and facts at hand before the first frame, losses after the last', async () => {
    await using drive = await segment(new Uint8Array(readFileSync(clip)), small);
    expect(drive).toMatchObject({ classes: CAMVID.classes, palette: CAMVID.palette, notes: [], losses: [] });
    expect(drive.model).toEqual({ name: 'random', digest: await modelDigest(model) });
    expect(drive.info).toMatchObject({ width: 96, height: 64, codec: 'mpeg4' });

    const other = join(folder, 'drive.mkv');
    await writePanningVideo(other, { width: 96, height: 64, frames: 4 * FRAMES, gop: 3 });
    const whole = new Uint8Array(readFileSync(other));
    const cut = whole.subarray(0, Math.floor(0.6 * whole.length));
    const damaged = await segment(cut, small);
    expect((await shownOf(damaged)).length).toBeLessThan(4 * FRAMES);
    await using long = await openVideo(cut);
    for await (const _ of long);
    expect(damaged.losses).toEqual(long.losses);
    expect(damaged.lossTotals).toEqual(long.lossTotals);
    expect(damaged.losses.length).toBeGreaterThan(0);
  });
});

describe('what segment opened is closed', () => {
  it('when the loop is left, and cannot be looped over again', async () => {
    const drive = await segment(clip, small);
    expect(workers.size).toBe(1);
    for await (const { kind } of drive) {
      expect(kind).toBe('key');
      break;
    }
    expect(workers.size).toBe(0);
    await expect(shownOf(drive)).rejects.toThrow(`${clip}: its labels can be read once; segment it again`);
    await drive.close();
  });

  it('when the loop throws, without having been waited for', async () => {
    const failing = async (): Promise<void> => {
      for await (const _ of segment(clip, small)) throw new Error('mine');
    };
    await expect(failing()).rejects.toThrow('mine');
  });

  it('when its block is left, looped over or not', async () => {
    {
      await using _drive = segment(clip, small);
    }
    {
      await using _none = segment(join(folder, 'none.mp4'), small);
    }
  });

  it('when it is closed in mid-loop, which ends with an error', async () => {
    const drive = await segment(clip, small);
    const closing = async (): Promise<void> => {
      for await (const _ of drive) await drive.close();
    };
    await expect(closing()).rejects.toThrow(/closed/);
  });

  it.each([
    ['video', 'none.mp4', small, /none\.mp4: /],
    ['model', 'drive.mp4', { model: folder }, /is not a model folder/],
    ['network of that layer', 'drive.mp4', { ...own, layer: 2 }, /has no non-key-frame network for Layer 2/],
  ] as const)('where there is no such %s', async (_, name, options, message) => {
    const refused = segment(join(folder, name), options);
    await expect(refused).rejects.toThrow(InputError);
    await expect(shownOf(refused)).rejects.toThrow(message);
  });
});

describe('a signal', () => {
  it('that is aborted already opens nothing', async () => {
    const reason = new Error('too late');
    await expect(segment(clip, { ...small, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('ends the loop with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const loop = async (): Promise<void> => {
      for await (const _ of segment(clip, { ...small, signal: controller.signal })) controller.abort(reason);
    };
    await expect(loop()).rejects.toBe(reason);
  });

  it.each([0, 20])('ends opening after %i ms with its reason', async (delay) => {
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), delay);
    await expect(segment(clip, { ...small, signal: controller.signal })).rejects.toBe(reason);
    // What was being opened is closed when it is open.
    for (let i = 0; i < 200 && (workers.size > 0 || openFiles() > 0); i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

it('takes a flow network and its convention; one that is missing is named', async () => {
  const motion = { network: join(folder, 'none.onnx'), values: '0..1', unit: 20 } as const;
  await expect(segment(clip, { ...own, motion })).rejects.toThrow(/none\.onnx: /);
});

// biome-ignore lint/suspicious/noExplicitAny: what no types check
it.each<[any, RegExp]>([
  [{ perframe: true }, /^segment: there is no option perframe; did you mean perFrame\?/],
  [{ motionSource: 'none' }, /^segment: there is no option motionSource; they are model, /],
  [{ width: 96 }, /^segment: there is no option width/],
  [
    { motion: 'codecs' },
    /^segment: motion must be one of codec, .* or \{ network: FILE\.onnx \}, not "codecs"/,
  ],
  [{ parallel: 0 }, /^segment: parallel must be at least 1, not 0$/],
  [{ layer: 4 }, /^segment: layer must be one of 1, 2, 3, not 4$/],
  [{ keyFrames: { mode: 'every' } }, /^segment: keyFrames\.n is missing/],
  [{ model: '' }, /^segment: model must not be empty/],
  [{ signal: {} }, /^segment: signal must be an AbortSignal/],
  [null, /^segment: the options must be an object, not null$/],
])('segment(…, %j) is refused in one line', async (options, message) => {
  const refused = segment(clip, options);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
});
