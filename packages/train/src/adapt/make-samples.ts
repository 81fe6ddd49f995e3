/** Has a network look at its videos, and stores what the frames between its key frames are to learn. */
import type { VideoFrame } from '@twnet/core/frame';
import { warpFeatures } from '@twnet/core/motion/warp';
import { type Random, seededRandom, shuffled } from '@twnet/core/random';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import { STREAM } from '../data/random-streams.js';
import { clipMotion } from '../non-key/points/clip-motion.js';
import { type Footage, GROUP, groupsOf } from './footage.js';
import { StoredSamples } from './stored-samples.js';

/** Frames of a group that are learnt on: more of them where every group has been looked at and there is time left. */
const OF_GROUP = 4;
const MOST_OF_GROUP = GROUP - 1;
/** Bytes that samples may take on the disk. */
const MOST_BYTES = 2 ** 31;

export interface SampleOptions {
  readonly footage: readonly Footage[];
  readonly opening: OpenVideoOptions;
  /** Opens the network for frames of a size: it runs on each alone. */
  readonly open: (size: { width: number; height: number }) => Promise<ModelNetworks>;
  readonly classes: number;
  readonly seed: number;
  /** Milliseconds that the network may run for. */
  readonly milliseconds: number;
  readonly onGroup?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** As many as time and disk allow, evenly over the footage; at least one group of every video. */
export async function makeSamples(samples: StoredSamples, options: SampleOptions): Promise<void> {
  const { footage, opening, classes, seed, signal, onGroup } = options;
  const random = seededRandom(seed, 0, STREAM.adaptFrames);
  let [left, done] = [options.milliseconds, 0];
  let room = MOST_BYTES;
  for (const [index, video] of footage.entries()) {
    const share = left / (footage.length - index);
    const bytes = OF_GROUP * StoredSamples.bytes(video, classes);
    const fitting = Math.max(1, Math.floor(room / (footage.length - index) / bytes));
    await using networks = await options.open(video);
    const pass = await timeOf(networks, video);
    const wanted = Math.min(fitting, Math.max(1, Math.floor(share / ((OF_GROUP + 1) * pass))));
    const every = Math.max(1, Math.ceil(video.groups / wanted));
    const total = done + Math.ceil(video.groups / every);
    const affordable = Math.floor(share / (video.groups * pass)) - 1;
    const ofGroup =
      every > 1
        ? OF_GROUP
        : Math.max(
            OF_GROUP,
            Math.min(MOST_OF_GROUP, affordable, Math.floor((OF_GROUP * fitting) / video.groups)),
          );
    const begun = performance.now();
    for await (const frames of groupsOf(video, opening, every, signal)) {
      signal?.throwIfAborted();
      await addGroup(samples, frames, networks, classes, { count: ofGroup, random });
      room -= (bytes * ofGroup) / OF_GROUP;
      onGroup?.(++done, Math.max(total, done));
    }
    left -= performance.now() - begun;
  }
}

/** Milliseconds of a frame through the network. */
async function timeOf(networks: ModelNetworks, { width, height }: Footage): Promise<number> {
  const blank = new Uint8Array(3 * width * height);
  await networks.keyFrame(blank);
  const begun = performance.now();
  await networks.keyFrame(blank);
  return performance.now() - begun;
}

async function addGroup(
  samples: StoredSamples,
  frames: readonly VideoFrame[],
  networks: ModelNetworks,
  classes: number,
  { count, random }: { readonly count: number; readonly random: Random },
): Promise<void> {
  const scoresOf = async ({ pixels }: VideoFrame): Promise<Float32Array> =>
    (await networks.keyFrame(pixels, { scores: true })).scores!;
  const key = await scoresOf(frames[0]);
  const wanted = Array.from(shuffled(GROUP - 1, random), (number) => number + 1).slice(0, count);
  const motion = clipMotion({ frames }, wanted, true);
  for (const t of wanted) {
    const { field, residual } = motion.get(t)!;
    const { width, height, pixels: image } = frames[t];
    const warped = warpFeatures(key, classes, field);
    await samples.add({ width, height, image, warped, residual, target: await scoresOf(frames[t]) });
  }
}
