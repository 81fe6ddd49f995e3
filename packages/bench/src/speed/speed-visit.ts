/** One configuration's turn in a round: opened, warmed up, timed, closed. */

import type { VideoFrame } from '@twnet/core/frame';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import { REFERENCE, ReferenceMotion } from '@twnet/core/segment/reference-motion';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { RunStats } from '@twnet/core/segment/stats';
import { MotionSource } from '@twnet/node/motion/motion-source';
import { closeAll, openParallel } from '@twnet/node/networks/networks';
import { writeSegmentation } from '@twnet/node/output/write-segmentation';
import { openVideo } from '@twnet/node/video/open-video';
import type { Configuration, SpeedPlan } from './speed-plan.js';
import { spreadOf } from './spread.js';

/** What all configurations of one frame size are run on. */
export interface SpeedInputs {
  /** An I-frame and the P-frame after it, for the networks alone. */
  readonly pair: readonly [VideoFrame, VideoFrame];
  /** For whole runs. */
  readonly video: string;
}

/** What one turn gave. */
export interface Visit {
  readonly configuration: Configuration;
  /** Milliseconds of one frame of the networks alone (medians of several), the warp before a non-key frame included. */
  readonly network: { readonly key: number; readonly nonKey?: number };
  /** The whole way over the video. */
  readonly run: RunStats;
}

/** Frames that a warm-up goes through the pipeline. */
const WARMUP_FRAMES = 3;
/** The networks alone run at least so often and at least so long (milliseconds) in a turn. */
const LEAST_CALLS = 5;
const LEAST_TIME = 300;

export async function visit(
  configuration: Configuration,
  source: NetworkSource,
  inputs: SpeedInputs,
  { provider, threads, gop, parallel = 1 }: Pick<SpeedPlan, 'provider' | 'threads' | 'gop' | 'parallel'>,
): Promise<Visit> {
  const { layer, width, height } = configuration;
  const perFrame = layer === 'per-frame';
  const options = { width, height, threads, provider, perFrame, ...(perFrame ? {} : { layer }) };
  const wholeRun = async (lanes: readonly ModelNetworks[]): Promise<RunStats> => {
    await warmUp(inputs.video, lanes, (lanes.length - 1) * gop + WARMUP_FRAMES);
    return await runVideo(inputs.video, lanes);
  };
  const alone = await openParallel(source, 1, options);
  let network: Visit['network'];
  try {
    const key = await keyAlone(alone[0], inputs);
    network = perFrame ? { key } : { key, nonKey: await nonKeyAlone(alone[0], inputs) };
    if (parallel === 1) return { configuration, network, run: await wholeRun(alone) };
  } finally {
    await closeAll(alone);
  }
  const lanes = await openParallel(source, parallel, options);
  try {
    return { configuration, network, run: await wholeRun(lanes) };
  } finally {
    await closeAll(lanes);
  }
}

/** As `twnet segment` runs a video, but for its files: the same function with the same options. */
async function runVideo(path: string, networks: readonly ModelNetworks[]): Promise<RunStats> {
  await using video = await openVideo(path);
  const { width, height } = video.info;
  using motion = await MotionSource.open('codec', width, height);
  const { palette } = networks[0].card;
  return await writeSegmentation(video, networks, {
    motion,
    palette,
    onFrame: () => undefined,
    recycle: true,
  });
}

/** The first run of a graph allocates its memory: not what a long video sees. */
async function warmUp(path: string, networks: readonly ModelNetworks[], frames: number): Promise<void> {
  await using video = await openVideo(path);
  for await (const { frame } of segmentVideo(video, networks, { recycle: true }))
    if (frame.index + 1 >= frames) break;
}

async function keyAlone(networks: ModelNetworks, { pair: [first] }: SpeedInputs): Promise<number> {
  return medianTime(async () => (await networks.keyFrame(first.pixels, { keep: true })).milliseconds.network);
}

async function nonKeyAlone(networks: ModelNetworks, { pair: [first, second] }: SpeedInputs): Promise<number> {
  const { width, height, contextStride } = networks;
  const motion = new ReferenceMotion(width, height, contextStride);
  motion.keep(first, REFERENCE);
  const field = motion.field(second);
  const residual = motion.residual(second).data;
  await networks.keyFrame(first.pixels, { keep: true });
  return medianTime(async () => {
    const { milliseconds } = await networks.nonKeyFrame(second.pixels, field, residual);
    return milliseconds.motion + milliseconds.network;
  });
}

/** One call that does not count, then as many as it takes. */
async function medianTime(call: () => Promise<number>): Promise<number> {
  await call();
  const times: number[] = [];
  for (const start = performance.now(); ; ) {
    times.push(await call());
    if (times.length >= LEAST_CALLS && performance.now() - start >= LEAST_TIME) return spreadOf(times).median;
  }
}
