/** Consecutive frames that are all labelled, and how a network does on their compressed form. */

import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import { DistanceCurve } from '@twnet/core/metrics/distance';
import type { Networks } from '@twnet/core/runtime/networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';
import type { MotionSource } from '@twnet/node/motion/motion-source';
import { recodeClip } from '@twnet/node/video/recode-clip';
import { loadStills, openFrameFolder } from '@twnet/train/data/camvid';
import type { ScoredFrame } from './clip-figures.js';

export interface LabelledClip {
  readonly width: number;
  readonly height: number;
  /** Planar 8-bit RGB, one array a frame. */
  readonly frames: readonly Uint8Array[];
  /** One train id a pixel, one array a frame. */
  readonly labels: readonly Uint8Array[];
}

/**
 * Reads a clip from a folder of frames and a folder of label maps with the same names.
 *
 * @throws InputError when a file cannot be read, partners are missing, or sizes differ or are odd
 */
export async function loadLabelledClip(images: string, labels: string): Promise<LabelledClip> {
  const stills = await loadStills(await openFrameFolder(images, labels));
  const [{ width, height }] = stills;
  const odd = stills.find((still) => still.width !== width || still.height !== height);
  if (odd)
    throw new InputError(`${images}: ${odd.name} is ${odd.width}×${odd.height}, not ${width}×${height}`);
  if (width % 2 === 1 || height % 2 === 1) {
    throw new InputError(`${images}: frames are ${width}×${height}; the MPEG-4 encoder takes even sizes`);
  }
  return {
    width,
    height,
    frames: stills.map(({ pixels }) => pixels),
    labels: stills.map((still) => still.labels),
  };
}

export interface ClipRun {
  /** Frames from one I-frame to the next. */
  readonly gop: number;
  /**
   * Frames of the clip at which a stream begins. With 0 alone each frame is scored once; with 0 to gop − 1
   * nearly every frame is scored at every distance from its key frame.
   */
  readonly starts: readonly number[];
  /** Every frame through the key-frame network. */
  readonly perFrame?: boolean;
  /** Where motion comes from; default the stream's own vectors. */
  readonly motion?: MotionSource;
}

/**
 * Encodes the clip as the paper's stream, segments it and scores every frame, by its distance from the last
 * I-frame of the stream, whichever network it went through: so the per-frame network has a curve too.
 */
export async function scoreClip(
  clip: LabelledClip,
  networks: Networks,
  { gop, starts, perFrame = false, motion }: ClipRun,
  onFrame?: (frame: ScoredFrame) => void,
): Promise<DistanceCurve> {
  const segment = (video: FrameSource): AsyncIterable<SegmentedFrame> =>
    segmentVideo(video, networks, { keyFrames: { mode: 'codec' }, perFrame, motion });
  return (await scoreSegmenter(clip, networks.classes, segment, { gop, starts }, onFrame)).curve;
}

/** Any way from a video to labels; a frame without `latency` waited for no later one. */
export type ClipSegmenter = (
  video: FrameSource,
) => AsyncIterable<Pick<SegmentedFrame, 'frame' | 'labels'> & { readonly latency?: number }>;

export interface SegmenterScore {
  readonly curve: DistanceCurve;
  /** Wall-clock time from decoded frames to labels, milliseconds a frame; scoring is not counted. */
  readonly milliseconds: number;
  /** The largest latency of a frame, frames. */
  readonly latency: number;
}

/** As {@link scoreClip}, for any way of segmenting. */
export async function scoreSegmenter(
  clip: LabelledClip,
  classes: number,
  segment: ClipSegmenter,
  { gop, starts }: Pick<ClipRun, 'gop' | 'starts'>,
  onFrame?: (frame: ScoredFrame) => void,
): Promise<SegmenterScore> {
  const { width, height } = clip;
  const curve = new DistanceCurve(classes);
  let spent = 0;
  let count = 0;
  let longest = 0;
  for (const start of starts) {
    const frames = recodeClip(clip.frames.slice(start), { width, height, gop });
    let intra = 0;
    let asked = performance.now();
    for await (const { frame, labels, latency = 0 } of segment(sourceOf(frames, width, height))) {
      spent += performance.now() - asked;
      count++;
      longest = Math.max(longest, latency);
      if (frame.pictureType === 'I') intra = frame.index;
      const picture = start + frame.index;
      const truth = clip.labels[picture];
      curve.add(frame.index - intra, labels, truth, picture);
      onFrame?.({ index: frame.index, labels, truth });
      asked = performance.now();
    }
  }
  return { curve, milliseconds: spent / count, latency: longest };
}

/** Decoded frames in memory as a video. */
function sourceOf(frames: readonly VideoFrame[], width: number, height: number): FrameSource {
  return {
    info: { width, height, motionSource: 'codec' },
    async *[Symbol.asyncIterator]() {
      yield* frames;
    },
  };
}
