/** Label flicker along a stream's pictures, whatever size a method works at. */
import type { VideoFrame } from '@twnet/core/frame';
import { FlickerMeter } from '@twnet/core/metrics/flicker';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import { openVideo, type Video } from '@twnet/node/video/open-video';

/**
 * Takes the labels of a stream's frames in order and compares each with the frame before, along motion estimated from
 * the pictures in the stream's own size (`videoFlicker` says why not along the stream's vectors).
 */
export class StreamFlicker implements AsyncDisposable {
  readonly #meter: FlickerMeter;
  readonly #matcher: BlockMatcher;
  readonly #frames: AsyncIterator<VideoFrame>;

  private constructor(readonly video: Video) {
    const { width, height } = video.info;
    this.#meter = new FlickerMeter(width, height);
    this.#matcher = new BlockMatcher(width, height);
    this.#frames = video[Symbol.asyncIterator]();
  }

  static async open(path: string): Promise<StreamFlicker> {
    return new StreamFlicker(await openVideo(path, { motionSource: 'none' }));
  }

  /** Labels of the next frame. */
  async add(labels: Uint8Array): Promise<void> {
    const next = await this.#frames.next();
    if (next.done) throw new RangeError('labels of more frames than the stream has');
    const frame = next.value;
    this.#matcher.takeRgb(frame.pixels);
    this.#meter.add(labels, this.#matcher.motion(), frame.discontinuity);
    this.video.recycle(frame);
  }

  /** Share of the pixels that could be followed whose label changed; NaN where there were none. */
  mean(): number {
    return this.#meter.mean();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#frames.return?.();
    await this.video.close();
  }
}
