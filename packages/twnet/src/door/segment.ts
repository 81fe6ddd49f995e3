/** `segment(input)`: from a video's name to labels for every frame, in one call that closes what it opened. */
import '@twnet/node/kernels/provide';
import { InputError } from '@twnet/core/errors';
import { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
import { openingOf } from '@twnet/core/segment/opening';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { Model } from '@twnet/node/model/model';
import { MotionSource } from '@twnet/node/motion/motion-source';
import { closeAll, openParallel } from '@twnet/node/networks/networks';
import { type CallOptions, callOptions, type SegmentInputOptions } from './input-options.js';
import { type LiveInput, type LiveInputOptions, LiveSegmentation } from './live.js';
import { openVideo } from './on-demand.js';
import { Segmentation } from './segmentation.js';

/** A {@link Segmentation} that is being opened: wait for it, or loop over its frames at once. */
export interface OpeningSegmentation
  extends Promise<Segmentation>,
    AsyncIterable<SegmentedFrame>,
    AsyncDisposable {}

/**
 * Segments a video, frame by frame in display order: opens it and a model's networks, gives a class id for every pixel
 * of every frame, and closes both when the loop ends, is left or throws. Memory does not depend on the length.
 *
 *     for await (const { frame, labels } of segment('drive.mp4')) …
 *
 * `await segment(…)` gives the same with its classes, colours and facts at hand.
 *
 * @param input path of a file, pipe or FIFO; web or live address; `-` for standard input; or the bytes of a file
 * @returns labels of the frames' size, `height × width`; see {@link SegmentedFrame}. Loop over it once, or close it
 * @throws InputError for an input, a model or options that cannot be used; RangeError for a scale, size or time outside
 *   its range; the signal's reason. All of them where it is waited for or looped over
 */
export function segment(input: string | Uint8Array, options?: SegmentInputOptions): OpeningSegmentation;
/**
 * Labels sources that go on live, cameras and streams, as their frames come: never late by more than what the policy
 * allows, taken up again when they are lost, until the signal says to stop or the loop is left.
 *
 *     for await (const { camera, labels, lag } of segment('rtsp://camera/stream', { live: true, signal })) …
 *
 * @param input an address, a device or a file, or several at a time by name
 */
export function segment(input: LiveInput, options: LiveInputOptions): LiveSegmentation;
export function segment(
  input: string | Uint8Array | LiveInput,
  options: SegmentInputOptions | LiveInputOptions = {},
): OpeningSegmentation | LiveSegmentation {
  if (isLive(options)) return new LiveSegmentation(input, options);
  if (!(typeof input === 'string' || input instanceof Uint8Array))
    throw new InputError('segment: several sources at a time are for { live: true }; give one');
  return segmentVideoOf(input, options);
}

const isLive = (options: SegmentInputOptions | LiveInputOptions): options is LiveInputOptions =>
  (options as Partial<LiveInputOptions> | null)?.live === true;

function segmentVideoOf(input: string | Uint8Array, options: SegmentInputOptions): OpeningSegmentation {
  return openingOf(() => open(input, options, callOptions(options)), options?.signal);
}

async function open(
  input: string | Uint8Array,
  { model: folder, parallel = 1, perFrame, motion = 'codec' }: SegmentInputOptions,
  { opening, networks, segmenting }: CallOptions,
): Promise<Segmentation> {
  const [model] = await Promise.allSettled([Model.open(folder)]);
  const ofModel = model.status === 'fulfilled' ? openingFor(model.value.card, perFrame) : {};
  const scale =
    opening.scale === 'auto' && ofModel.scale === undefined ? 1 : (opening.scale ?? ofModel.scale);
  const { maxSide = typeof opening.scale === 'number' ? undefined : ofModel.maxSide } = opening;
  const [video] = await Promise.allSettled([openVideo(input, { ...opening, ...ofModel, scale, maxSide })]);
  if (video.status === 'rejected') throw video.reason;
  const closers: (() => unknown)[] = [() => video.value.close()];
  const close = async () => {
    for (const closeOne of closers.toReversed()) await closeOne();
  };
  try {
    if (model.status === 'rejected') throw model.reason;
    const { info } = video.value;
    const { width, height } = info;
    const source = await MotionSource.open(perFrame ? 'codec' : motion, width, height);
    closers.push(() => source[Symbol.dispose]());
    const lanes = await openParallel(model.value, parallel, {
      ...networks,
      ...sizesFor(model.value.card, info),
    });
    closers.push(() => closeAll(lanes));
    return new Segmentation(video.value, model.value, lanes, { ...segmenting, motion: source }, close);
  } catch (error) {
    await close();
    throw error;
  }
}
