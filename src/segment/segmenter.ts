import { type MotionField, type ResidualMap, warpFeatures } from '../motion/index.js';
import type { VideoFrame } from '../video/frame.js';
import { labelsFromScores } from './labels.js';
import type { MotionSource } from './motion/motion-source.js';
import type { FrameMotion, FrameScores, SegmentationNetworks } from './networks.js';
import { readAhead } from './read-ahead.js';
import { ReferenceMotion } from './reference-motion.js';
import { type FramePlan, type KeyFrameReason, KeyFrameSchedule, type ScheduleOptions } from './schedule.js';

/** Decoded frames that may wait for the networks. */
const FRAMES_AHEAD = 3;

/** What the segmenter needs of a video; `openVideo` gives it. */
export interface FrameSource extends AsyncIterable<VideoFrame> {
  readonly info: {
    readonly width: number;
    readonly height: number;
    /** Where vectors come from; estimated ones refer to the frame displayed just before. */
    readonly motionSource: 'codec' | 'estimate';
  };
}

export interface SegmentOptions extends Omit<ScheduleOptions, 'refersToPrevious'> {
  /**
   * Where motion comes from; default the stream's own vectors, as the video gives them. With accumulated vectors
   * features are warped from the key frame at once, along vectors traced back to it over the frames between, instead
   * of from frame to frame.
   */
  readonly motion?: MotionSource;
  /** Keep the coarse class scores in the results. */
  readonly keepScores?: boolean;
}

/** Milliseconds that the stages of one frame took. Stages of different frames overlap. */
export interface FrameTimings {
  readonly decode: number;
  /** Motion where it is estimated, dense motion, residual map and warp. */
  readonly motion: number;
  readonly network: number;
  readonly labels: number;
}

export interface SegmentedFrame {
  readonly frame: VideoFrame;
  /** Class ids, `height × width`. */
  readonly labels: Uint8Array;
  readonly kind: 'key' | 'nonkey';
  /** Why it is a key frame; only of key frames. */
  readonly reason?: KeyFrameReason;
  /** Frames since the key frame; 0 for key frames. */
  readonly distance: number;
  readonly timings: FrameTimings;
  /** Coarse scores, with `keepScores`; see {@link FrameScores}. */
  readonly scores?: Float32Array;
  /** RGA's attention, non-key frames only; see {@link FrameScores}. */
  readonly attention?: Float32Array;
  /** What the frame was propagated along, non-key frames only. */
  readonly field?: MotionField;
  readonly residual?: ResidualMap;
}

/**
 * Segments a video, frame by frame in display order (the paper's Fig. 4): key frames through the key-frame
 * network; the others through the non-key-frame network, from the context feature of the frame that they refer
 * to, warped along the codec's motion. Which are key frames: {@link KeyFrameSchedule}.
 *
 * Decoding runs ahead, and while a network works on one frame, the labels of the frame before it are made and
 * the motion of the frame after it. Memory is bounded by a few frames. The caller closes video and networks.
 *
 * @throws RangeError if the networks were made for another frame size; whatever the video or a network throws
 */
export async function* segmentVideo(
  video: FrameSource,
  networks: SegmentationNetworks,
  options: SegmentOptions,
): AsyncGenerator<SegmentedFrame, void> {
  const { width, height, motionSource } = video.info;
  if (networks.width !== width || networks.height !== height) {
    throw new RangeError(
      `segmentVideo: networks for ${networks.width}×${networks.height}, video of ${width}×${height}`,
    );
  }
  const refersToPrevious = motionSource === 'estimate' || options.motion?.estimates === true;
  const schedule = new KeyFrameSchedule({ ...options, refersToPrevious });
  const moved = options.motion?.start();
  const pipeline = new Pipeline(networks, options);
  try {
    for await (const { value, milliseconds } of readAhead(video, FRAMES_AHEAD)) {
      const begun = performance.now();
      // The per-frame model warps nothing.
      const frame = moved && !options.perFrame ? await moved(value) : value;
      const plan = schedule.plan(frame, () => pipeline.meanResidual(frame));
      const previous = await pipeline.start(frame, plan, { decode: milliseconds, begun });
      if (previous) yield pipeline.finish(previous);
    }
    const last = await pipeline.settle();
    if (last) yield pipeline.finish(last);
  } catch (error) {
    // Where the video broke off, the frame before is still in the networks.
    const last = await pipeline.settle();
    if (last) yield pipeline.finish(last);
    throw error;
  } finally {
    await pipeline.settle().catch(() => undefined);
  }
}

/** The context feature that others are warped from, once its network has run. */
interface Kept {
  context: Float32Array | undefined;
}

/** A frame whose network has run or is running. */
interface Started {
  readonly frame: VideoFrame;
  readonly plan: FramePlan;
  readonly motion: FrameMotion | undefined;
  readonly milliseconds: { decode: number; motion: number; network: number };
}

type Scored = Started & { readonly result: FrameScores };

/** One frame in the networks at a time, and the features kept between frames. */
class Pipeline {
  readonly #motion: ReferenceMotion;
  #kept: Kept | undefined;
  #running: Promise<Scored> | undefined;

  constructor(
    readonly networks: SegmentationNetworks,
    readonly options: SegmentOptions,
  ) {
    const { width, height, contextStride } = networks;
    this.#motion = new ReferenceMotion(width, height, contextStride, options.motion?.accumulated);
  }

  /** Mean |residual| of a frame that is to start next. */
  meanResidual(frame: VideoFrame): number {
    return this.#motion.meanResidual(frame);
  }

  /**
   * Prepares a frame, waits for the one before it, and sets this one's network going; gives the one before.
   *
   * @param times milliseconds that decoding took, and when work on the frame's motion began
   */
  async start(
    frame: VideoFrame,
    plan: FramePlan,
    times: { decode: number; begun: number },
  ): Promise<Scored | undefined> {
    const from = this.#kept;
    const motion = plan.kind === 'nonkey' && from ? this.#motion.of(frame) : undefined;
    this.#motion.keep(frame, plan);
    const prepared = performance.now() - times.begun;
    const previous = await this.settle();
    const warpStart = performance.now();
    const { contextChannels } = this.networks;
    const warped = motion && from ? warpFeatures(from.context!, contextChannels, motion.field) : undefined;
    const milliseconds = {
      decode: times.decode,
      motion: prepared + performance.now() - warpStart,
      network: 0,
    };
    const kept: Kept = { context: undefined };
    if (plan.isReference && (plan.kind === 'key' || !this.options.motion?.accumulated)) this.#kept = kept;
    this.#running = this.#run({ frame, plan, motion, milliseconds }, warped, kept);
    // The failure is thrown by the `settle` that waits for it.
    this.#running.catch(() => undefined);
    return previous;
  }

  /** Waits for the frame in the networks, if there is one. */
  async settle(): Promise<Scored | undefined> {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  /** The labels of a frame that has been through a network. */
  finish({ frame, plan, motion, milliseconds, result }: Scored): SegmentedFrame {
    const start = performance.now();
    const labels = labelsFromScores(result.scores, this.networks.classes, frame.width, frame.height);
    return {
      frame,
      labels,
      kind: plan.kind,
      ...(plan.reason ? { reason: plan.reason } : {}),
      distance: plan.distance,
      timings: { ...milliseconds, labels: performance.now() - start },
      ...(this.options.keepScores ? { scores: result.scores } : {}),
      ...(result.attention ? { attention: result.attention } : {}),
      ...(motion ? { field: motion.field, residual: motion.residual } : {}),
    };
  }

  async #run(started: Started, warped: Float32Array | undefined, kept: Kept): Promise<Scored> {
    const { frame, motion, milliseconds } = started;
    const start = performance.now();
    const result =
      warped && motion
        ? await this.networks.nonKeyFrame(frame.pixels, warped, motion.residual.data)
        : await this.networks.keyFrame(frame.pixels);
    milliseconds.network = result.milliseconds ?? performance.now() - start;
    kept.context = result.context;
    return { ...started, result };
  }
}
