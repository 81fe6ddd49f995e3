/** Consecutive frames that are all labelled, and their compressed form segmented. */

import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { FrameSource } from '@twnet/core/segment/segmenter';
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
}

/** Any way from a video to labels; a frame without `latency` waited for no later one. */
export type ClipSegmenter = (
  video: FrameSource,
) => AsyncIterable<Pick<SegmentedFrame, 'frame' | 'labels' | 'labelSize'> & { readonly latency?: number }>;

export interface ClipTiming {
  /** Wall-clock time from decoded frames to labels, milliseconds a frame; what `onFrame` does is not counted. */
  readonly milliseconds: number;
  /** Later frames that a frame waited for, at most. */
  readonly latency: number;
}

/**
 * Encodes the clip as the paper's stream and segments it. A frame's distance is that from the last I-frame of the
 * stream, whichever network it went through: so the per-frame network has a curve too.
 */
export async function segmentClip(
  { width, height, frames, labels: truths }: LabelledClip,
  segment: ClipSegmenter,
  { gop, starts }: ClipRun,
  onFrame: (frame: ScoredFrame) => void,
): Promise<ClipTiming> {
  let spent = 0;
  let count = 0;
  let longest = 0;
  for (const start of starts) {
    const decoded = recodeClip(frames.slice(start), { width, height, gop });
    let intra = 0;
    let asked = performance.now();
    for await (const { frame, labels, latency = 0 } of segment(sourceOf(decoded, width, height))) {
      spent += performance.now() - asked;
      count++;
      longest = Math.max(longest, latency);
      const { index } = frame;
      if (frame.pictureType === 'I') intra = index;
      const picture = start + index;
      onFrame({ index, distance: index - intra, picture, labels, truth: truths[picture] });
      asked = performance.now();
    }
  }
  return { milliseconds: spent / count, latency: longest };
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
