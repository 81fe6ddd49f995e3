/** `segment(input)` in a browser: from a file, camera or screen to labels for every frame. */
import { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
import { openingOf } from '@twnet/core/segment/opening';
import { type SegmentOptions, segmentOptionsOf } from '@twnet/core/segment/segment-options';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { loadKernels } from '../kernels/provide.js';
import { readModel } from '../model/model.js';
import { loadNetworks } from '../networks/networks.js';
import { DecodedFile } from '../video/decoded-file.js';
import type { FileInput } from '../video/demux.js';
import { framesOf, isLive, type LiveInput, LivePictures } from '../video/live-pictures.js';
import { Video } from '../video/open-video.js';
import type { PictureSource } from '../video/source-frame.js';
import { checkSegment, type SegmentInputOptions } from './input-options.js';
import { Segmentation } from './segmentation.js';

/** What can be segmented; a stream is one of a file's bytes, or with `LivePictures` one of frames. */
export type VideoInput = FileInput | Exclude<LiveInput, ReadableStream> | PictureSource;

/** A {@link Segmentation} that is being opened: wait for it, or loop over its frames at once. */
export interface OpeningSegmentation
  extends Promise<Segmentation>,
    AsyncIterable<SegmentedFrame>,
    AsyncDisposable {}

/**
 * Segments a video frame by frame in display order, in the browser: nothing is sent anywhere. Networks run in a Web Worker;
 * decoding, motion and all else where this is called, which may be a worker, too. It closes what it opened when the loop ends,
 * is left or throws. Memory does not depend on the length.
 *
 *     for await (const { frame, labels } of segment(file, { model: '/models/camvid' })) …
 *
 * Motion is estimated between the pictures (WebCodecs hands out no vectors). Cameras and screens have a key frame in twelve
 * and, unless `lookahead` says so, no frame waits for the next one.
 *
 * @param input a file, its address, bytes or a stream of them; a camera's or screen's `MediaStream`, or its track
 * @returns labels of the frames' size, `height × width`; see {@link SegmentedFrame}. Loop over it once, or close it
 * @throws InputError for what is no video, what this browser does not decode, a model or options that cannot be used; the
 *   signal's reason. All of them where it is waited for or looped over
 */
export function segment(input: VideoInput, options: SegmentInputOptions): OpeningSegmentation {
  const checked = () => {
    checkSegment(options);
    return open(input, options);
  };
  return openingOf(checked, options?.signal);
}

async function open(input: VideoInput, options: SegmentInputOptions): Promise<Segmentation> {
  const { perFrame, assets, layer, speed, warpAlone, threads, provider } = options;
  const [model, pictures, kernels] = await Promise.allSettled([
    readModel(options.model, options.signal),
    openPictures(input),
    loadKernels(assets?.kernels),
  ]);
  if (pictures.status === 'rejected') throw pictures.reason;
  let video: Video | undefined;
  try {
    for (const result of [model, kernels]) if (result.status === 'rejected') throw result.reason;
    const { value } = model as PromiseFulfilledResult<Awaited<ReturnType<typeof readModel>>>;
    const ofModel = openingFor(value.card, perFrame);
    const { scale = ofModel.scale ?? 1 } = options;
    const { maxSide = typeof options.scale === 'number' ? undefined : ofModel.maxSide } = options;
    const { keyPictures } = ofModel;
    video = await Video.open(pictures.value, { scale, maxSide, keyPictures, still: perFrame });
    const networks = await loadNetworks(
      value,
      { layer, speed, perFrame, warpAlone, threads, provider, ...sizesFor(value.card, video.info) },
      assets,
    );
    return new Segmentation(video, value, networks, segmentingOptions(pictures.value, options));
  } catch (error) {
    (video ?? pictures.value).close();
    throw error;
  }
}

function segmentingOptions(source: PictureSource, options: SegmentInputOptions): SegmentOptions {
  const isLiveSource = source instanceof LivePictures;
  return segmentOptionsOf({ ...(isLiveSource ? { lookahead: 0 } : {}), ...options });
}

async function openPictures(input: VideoInput): Promise<PictureSource> {
  if (isLive(input)) return new LivePictures('the stream', framesOf(input));
  return isSource(input) ? input : DecodedFile.open(input);
}

const isSource = (input: FileInput | PictureSource): input is PictureSource =>
  typeof input === 'object' && 'turn' in input && Symbol.asyncIterator in input;
