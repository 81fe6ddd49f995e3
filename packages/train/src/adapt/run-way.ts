/** Segments the part of a video that is held out, in one way, and takes the time. */
import type { BlockMotion } from '@twnet/core/frame';
import type { Speed } from '@twnet/core/network/operating-point';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import { loadNetworks } from '@twnet/node/networks/networks';
import { openVideo } from '@twnet/node/video/open-video';
import { type Footage, GROUP } from './footage.js';
import type { LabelMap } from './label-agreement.js';

/** A way to segment. */
export interface Way {
  readonly name: string;
  /** As `twnet segment` takes it; none of what there is only to compare. */
  readonly options?: string;
  readonly perFrame?: boolean;
  readonly speed?: Speed;
  /** Default: one in {@link GROUP}. */
  readonly keyFrames?: KeyFrameRule;
  /** Between key frames the scores are only warped. */
  readonly warpAlone?: boolean;
  /** Of the sides that frames have for the network. */
  readonly share?: number;
}

export interface RunOptions {
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Frames at most. */
  readonly most: number;
  /** Frames whatever time there is; after that, `milliseconds` end the run. */
  readonly least: number;
  readonly milliseconds: number;
}

export interface RunFrame extends LabelMap {
  readonly kind: 'key' | 'nonkey';
  readonly motion: BlockMotion;
}

export interface WayRun {
  readonly frames: readonly RunFrame[];
  /** Frames that were timed, and the time from the frame before them to the last of them. */
  readonly timed: number;
  readonly milliseconds: number;
}

/**
 * Frames are only gathered meanwhile: whatever is done with one would be done beside the networks' work on the next, and
 * not be seen in the time. Timed are whole groups behind the first frame, so that opening, seeking and what has to be read
 * ahead before anything can be given do not count, and each group has its key frame.
 */
export async function runWay(
  model: Model,
  { path, scale, split }: Footage,
  way: Way,
  { threads, signal, most, least, milliseconds }: RunOptions,
): Promise<WayRun> {
  await using video = await openVideo(path, { scale: scale * (way.share ?? 1), start: split, signal });
  const { width, height } = video.info;
  await using networks = await loadNetworks(model, {
    ...sizesFor(model.card, video.info),
    ...{ threads, perFrame: way.perFrame, speed: way.speed, warpAlone: way.warpAlone },
  });
  const begun = performance.now();
  const frames: RunFrame[] = [];
  /** The beginning, and when each was there. */
  const times = [begun];
  const rule = way.perFrame ? {} : { keyFrames: way.keyFrames ?? ({ mode: 'every', n: GROUP } as const) };
  for await (const { frame, labels, kind } of segmentVideo(video, networks, {
    ...rule,
    ...{ signal, recycle: true },
  })) {
    const now = performance.now();
    times.push(now);
    frames.push({ labels, width, height, kind, motion: frame.motion });
    if (frames.length === most || (frames.length >= least && now - begun > milliseconds)) break;
  }
  const timed = timedFrames(frames.length);
  // Of a single frame there is nothing but the way to it.
  const from = Math.min(1, frames.length - 1);
  return { frames, timed, milliseconds: times[from + timed] - times[from] };
}

/** Whole groups behind the first frame; of less than a group, whatever there is. */
export function timedFrames(frames: number): number {
  const behind = frames - 1;
  return behind < GROUP ? Math.max(1, behind) : behind - (behind % GROUP);
}
