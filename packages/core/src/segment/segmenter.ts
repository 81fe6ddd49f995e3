import type { VideoFrame } from '../frame.js';
import { Interruption } from '../options/interruption.js';
import type { PictureSize } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';
import { Pipeline } from './pipeline.js';
import { readAhead } from './read-ahead.js';
import { KeyFrameSchedule } from './schedule.js';
import { type SegmentOptions, segmenting } from './segment-options.js';
import type { SegmentedFrame } from './segmented-frame.js';

export type { SegmentOptions } from './segment-options.js';
export type { FrameTimings, SegmentedFrame } from './segmented-frame.js';

/** Decoded frames that may wait for the networks. */
const FRAMES_AHEAD = 3;

/** What the segmenter needs of a video; `openVideo` gives it. */
export interface FrameSource extends AsyncIterable<VideoFrame> {
  readonly info: {
    readonly width: number;
    readonly height: number;
    /** Of the pictures that frames make for the key-frame network (`keyPicture`); default: frames are those. */
    readonly keyWidth?: number;
    readonly keyHeight?: number;
    /** Where vectors come from; estimated ones refer to the frame displayed just before. */
    readonly motionSource: 'codec' | 'estimate';
  };
  /** Takes a frame's pixels back to be used again, where it can; see `Video.recycle`. */
  recycle?(frame: VideoFrame): void;
}

/** Frames in memory, with the codec's motion, as a video. */
export function clipSource(frames: readonly VideoFrame[]): FrameSource {
  const [{ width, height }] = frames;
  return {
    info: { width, height, motionSource: 'codec' },
    async *[Symbol.asyncIterator]() {
      yield* frames;
    },
  };
}

/**
 * Segments a video, frame by frame in display order (the paper's Fig. 4): key frames through the key-frame
 * network; the others through the non-key-frame network, from the context feature of the frame that they refer
 * to, warped along the codec's motion. Which are key frames: {@link KeyFrameSchedule}.
 *
 * Decoding runs ahead, and while the networks work on one frame, the next one's motion is worked out and handed over.
 * Memory is bounded by a few frames, with several networks by 64 frames and 256 MB for each. The caller closes video and
 * networks. Any number of videos may be segmented by the same networks at a time: they take turns, with the labels of
 * each run alone.
 *
 * @param networks with several, of the same model and size, that many groups of pictures are worked on at a time, each by
 *   networks of its own; results are the same. As groups are read one after the other, longer ones than
 *   that memory holds leave networks idle
 * @throws InputError for options that make no sense; RangeError if the networks were made for another frame size; the
 *   reason of `options.signal`; whatever the video or a network throws
 */
export async function* segmentVideo(
  video: FrameSource,
  networks: Networks | readonly Networks[],
  options: SegmentOptions = {},
): AsyncGenerator<SegmentedFrame, void> {
  const { motionSource } = video.info;
  const lanes = [networks].flat();
  if (lanes.length === 0) throw new RangeError('segmentVideo: no networks');
  const chosen = segmenting(options, lanes);
  for (const lane of lanes) checkSizes(video.info, lane);
  const { motion, perFrame, signal } = chosen;
  using interruption = new Interruption(signal);
  signal?.throwIfAborted();
  const refersToPrevious = motionSource === 'estimate' || motion?.estimates === true;
  const [{ keyInterval: interval }] = lanes;
  const schedule = new KeyFrameSchedule({ ...chosen, interval, refersToPrevious });
  // The per-frame network warps nothing.
  const moved = perFrame ? undefined : motion?.start();
  const spent = new SpentFrames(video, chosen.recycle === true, moved && motion?.estimates ? 1 : 0);
  const pipeline = new Pipeline(lanes, chosen);
  const preparesKeys =
    !perFrame && chosen.keyFrames.mode !== 'every' && seesKeyPictures(video.info, lanes[0]);
  const frames = readAhead(preparesKeys ? withKeyPictures(video, interval) : video, FRAMES_AHEAD);
  async function* taken(): AsyncGenerator<SegmentedFrame, void> {
    const segmented = await interruption.wait(pipeline.next());
    yield segmented;
    spent.add(segmented.frame);
  }
  try {
    for (;;) {
      const read = await interruption.wait(frames.next());
      if (read.done) break;
      const { value, milliseconds } = read.value;
      const begun = performance.now();
      const frame = moved ? await interruption.wait(moved(value)) : value;
      const plan = schedule.plan(frame, () => pipeline.meanResidual(frame));
      const pixels = plan.kind === 'key' ? keyPixels(frame, lanes[0]) : frame.pixels;
      const times = { decode: milliseconds, begun };
      pipeline.start(
        frame,
        plan,
        pixels instanceof Promise ? await interruption.wait(pixels) : pixels,
        times,
      );
      while (pipeline.nextIsDone || pipeline.isFull) yield* taken();
    }
    pipeline.finish();
    while (pipeline.started > 0) yield* taken();
  } catch (error) {
    // Where the video broke off, the frames before are still in the networks; where a frame failed, those after it may, too.
    try {
      pipeline.finish();
      while (pipeline.started > 0 && !interruption.aborted) yield* taken();
    } catch {}
    throw error;
  } finally {
    const ended = Promise.all([frames.return(), pipeline.stop()]);
    // Whoever aborts does not wait for the frames on their way; they end by themselves.
    if (interruption.aborted) ended.catch(() => undefined);
    else await ended;
  }
}

/** @throws RangeError if networks were made for another size */
function checkSizes(
  { width, height, keyWidth = width, keyHeight = height }: FrameSource['info'],
  { width: columns, height: rows, keySize }: Networks,
): void {
  if (columns !== width || rows !== height)
    throw new RangeError(`segmentVideo: networks for ${columns}×${rows}, video of ${width}×${height}`);
  if (!keySize || !seesKeyPictures({ width, height }, { keySize })) return;
  if (keySize.width !== keyWidth || keySize.height !== keyHeight)
    throw new RangeError(
      `segmentVideo: networks for key pictures of ${keySize.width}×${keySize.height}, video that gives ${keyWidth}×${keyHeight}`,
    );
}

/** Whether the key-frame network is given other pictures than frames. */
function seesKeyPictures(frame: PictureSize, { keySize }: Pick<Networks, 'keySize'>): boolean {
  return keySize !== undefined && (keySize.width !== frame.width || keySize.height !== frame.height);
}

/** What will be a key frame makes its picture while the frames before it are with the networks. */
async function* withKeyPictures(
  video: FrameSource,
  interval = Number.POSITIVE_INFINITY,
): AsyncGenerator<VideoFrame, void> {
  let last = 0;
  for await (const frame of video) {
    const { pictureType, index } = frame;
    if (pictureType === 'I' || (pictureType === 'P' && index - last >= interval)) {
      // A failure is thrown where the picture is needed.
      frame.keyPicture?.().catch(() => undefined);
      last = index;
    }
    yield frame;
  }
}

/** What the key-frame network is given of a frame. */
function keyPixels(frame: VideoFrame, networks: Networks): Uint8Array | Promise<Uint8Array> {
  if (!seesKeyPictures(frame, networks)) return frame.pixels;
  if (!frame.keyPicture) throw new Error(`frame ${frame.index} comes without its key picture`);
  return frame.keyPicture();
}

/** Frames that the loop is done with, which the video may use again. */
class SpentFrames {
  readonly #held: VideoFrame[] = [];

  /** @param lookBack frames that motion is still estimated from after they have been given out */
  constructor(
    readonly video: FrameSource,
    readonly recycle: boolean,
    readonly lookBack: number,
  ) {}

  add(frame: VideoFrame): void {
    if (!this.recycle) return;
    this.#held.push(frame);
    if (this.#held.length > this.lookBack) this.video.recycle?.(this.#held.shift()!);
  }
}
