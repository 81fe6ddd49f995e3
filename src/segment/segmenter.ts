import type { MotionField, ResidualMap } from '../motion/index.js';
import type { VideoFrame } from '../video/frame.js';
import { Lane } from './lane.js';
import type { MotionSource } from './motion/motion-source.js';
import type { FrameMotion, FrameResult, SegmentationNetworks } from './networks.js';
import { readAhead } from './read-ahead.js';
import { ReferenceMotion } from './reference-motion.js';
import { type FramePlan, type KeyFrameReason, KeyFrameSchedule, type ScheduleOptions } from './schedule.js';

/** Decoded frames that may wait for the networks. */
const FRAMES_AHEAD = 3;

/** Frames that may have been started and not taken, beyond those of groups that wait for their lanes. */
const FRAMES_STARTED = 2;

/**
 * Bytes that started frames may hold for every lane, where there are several: for a lane to begin a group of pictures,
 * the frames of the groups before must have been read.
 */
const LOOK_AHEAD_BYTES = 2 ** 28;
const LOOK_AHEAD_FRAMES = 64;

/** What the segmenter needs of a video; `openVideo` gives it. */
export interface FrameSource extends AsyncIterable<VideoFrame> {
  readonly info: {
    readonly width: number;
    readonly height: number;
    /** Where vectors come from; estimated ones refer to the frame displayed just before. */
    readonly motionSource: 'codec' | 'estimate';
  };
  /** Takes a frame's pixels back to be used again, where it can; see `Video.recycle`. */
  recycle?(frame: VideoFrame): void;
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
  /** Coarse scores, with `keepScores`; see {@link FrameResult}. */
  readonly scores?: Float32Array;
  /** RGA's attention, non-key frames only; see {@link FrameResult}. */
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
 * Decoding runs ahead, and while the networks work on one frame, the next one's motion is worked out and handed over.
 * Memory is bounded by a few frames, with several networks by 64 frames and 256 MB for each. The caller closes video and
 * networks.
 *
 * @param networks with several, of the same model and size, that many groups of pictures are worked on at a time, each by
 *   networks of its own; results are the same. As groups are read one after the other, longer ones than
 *   that memory holds leave networks idle
 * @throws RangeError if the networks were made for another frame size; whatever the video or a network throws
 */
export async function* segmentVideo(
  video: FrameSource,
  networks: SegmentationNetworks | readonly SegmentationNetworks[],
  options: SegmentOptions,
): AsyncGenerator<SegmentedFrame, void> {
  const { width, height, motionSource } = video.info;
  const lanes = [networks].flat();
  if (lanes.length === 0) throw new RangeError('segmentVideo: no networks');
  for (const lane of lanes) {
    if (lane.width !== width || lane.height !== height) {
      throw new RangeError(
        `segmentVideo: networks for ${lane.width}×${lane.height}, video of ${width}×${height}`,
      );
    }
  }
  const refersToPrevious = motionSource === 'estimate' || options.motion?.estimates === true;
  const schedule = new KeyFrameSchedule({ ...options, refersToPrevious });
  const moved = options.motion?.start();
  const pipeline = new Pipeline(lanes, options);
  try {
    for await (const { value, milliseconds } of readAhead(video, FRAMES_AHEAD)) {
      const begun = performance.now();
      // The per-frame model warps nothing.
      const frame = moved && !options.perFrame ? await moved(value) : value;
      const plan = schedule.plan(frame, () => pipeline.meanResidual(frame));
      pipeline.start(frame, plan, { decode: milliseconds, begun });
      while (pipeline.nextIsDone || pipeline.isFull) yield pipeline.next();
    }
    while (pipeline.started > 0) yield pipeline.next();
  } catch (error) {
    // Where the video broke off, the frames before are still in the networks.
    while (pipeline.started > 0) yield pipeline.next();
    throw error;
  } finally {
    await pipeline.stop();
  }
}

/** A frame that a lane has been given. */
interface Started {
  readonly segmented: Promise<SegmentedFrame>;
  done: boolean;
}

/** Frames on their way through the networks. */
class Pipeline {
  readonly #motion: ReferenceMotion;
  readonly #lanes: readonly Lane[];
  /** Where the present group of pictures goes. */
  #lane: Lane;
  /** Frames of the present group that have been started, and of the longest so far. */
  #group = 0;
  #longest = 1;
  readonly #started: Started[] = [];
  /** Whether the lane keeps a context feature that frames can be warped from. */
  #kept = false;

  constructor(
    networks: readonly SegmentationNetworks[],
    readonly options: SegmentOptions,
  ) {
    this.#lanes = networks.map((one) => new Lane(one));
    [this.#lane] = this.#lanes;
    const [{ width, height, contextStride, usesResidual }] = networks;
    this.#motion = new ReferenceMotion(width, height, contextStride, {
      accumulated: options.motion?.accumulated,
      residuals: !options.perFrame && (usesResidual || options.keyFrames.mode === 'adaptive'),
    });
  }

  /** Mean |residual| of a frame that is to start next. */
  meanResidual(frame: VideoFrame): number {
    return this.#motion.meanResidual(frame);
  }

  /** Frames that have been started and not taken. */
  get started(): number {
    return this.#started.length;
  }

  /**
   * Whether as many frames have been started as lanes need to go on while one is waited for: a group for each, as far as
   * memory allows.
   */
  get isFull(): boolean {
    const lanes = this.#lanes.length;
    if (lanes === 1) return this.started >= FRAMES_STARTED;
    const { width, height } = this.#lane.networks;
    // Pixels and labels.
    const held = Math.min(LOOK_AHEAD_FRAMES, Math.floor(LOOK_AHEAD_BYTES / (4 * width * height)));
    return this.started >= FRAMES_STARTED + lanes * Math.min(this.#longest, Math.max(held, 1));
  }

  /** Whether {@link next} need not wait. */
  get nextIsDone(): boolean {
    return this.#started[0]?.done ?? false;
  }

  /**
   * Prepares a frame and hands it to the networks.
   *
   * @param times milliseconds that decoding took, and when work on the frame's motion began
   */
  start(frame: VideoFrame, plan: FramePlan, times: { decode: number; begun: number }): void {
    const { options } = this;
    const motion = plan.kind === 'nonkey' && this.#kept ? this.#motionOf(frame) : undefined;
    this.#motion.keep(frame, plan);
    const keep =
      !options.perFrame && plan.isReference && (plan.kind === 'key' || !options.motion?.accumulated);
    if (keep) this.#kept = true;
    // Nothing that comes later needs what the lane has kept: any lane may go on.
    if (plan.kind === 'key' && (keep || options.perFrame)) {
      this.#lane = this.#idlest();
      this.#group = 0;
    }
    this.#longest = Math.max(this.#longest, ++this.#group);
    const prepared = performance.now() - times.begun;
    const request = { keep, scores: options.keepScores };
    const result = this.#lane.run((networks) =>
      motion
        ? networks.nonKeyFrame(frame.pixels, motion.field, motion.residual?.data, request)
        : networks.keyFrame(frame.pixels, request),
    );
    const segmented = result.then((given) =>
      segmentedFrame(frame, plan, motion, given, { decode: times.decode, motion: prepared }),
    );
    const started: Started = { segmented, done: false };
    const end = () => {
      started.done = true;
    };
    // A failure is thrown by the `next` that comes to it.
    segmented.then(end, end);
    this.#started.push(started);
  }

  /** The frame that was started first, once the networks are done with it. */
  async next(): Promise<SegmentedFrame> {
    return this.#started.shift()!.segmented;
  }

  /** Drops the frames that no network has begun, and waits until the networks have nothing to do. */
  async stop(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  /** The lane with the fewest frames before it, the present one's successor where several have. */
  #idlest(): Lane {
    const after = this.#lanes.indexOf(this.#lane) + 1;
    const inTurn = [...this.#lanes.slice(after), ...this.#lanes.slice(0, after)];
    return inTurn.reduce((best, lane) => (lane.frames < best.frames ? lane : best));
  }

  #motionOf(frame: VideoFrame): FrameMotion {
    const field = this.#motion.field(frame);
    return this.#lane.networks.usesResidual ? { field, residual: this.#motion.residual(frame) } : { field };
  }
}

function segmentedFrame(
  frame: VideoFrame,
  plan: FramePlan,
  motion: FrameMotion | undefined,
  { labels, scores, attention, milliseconds }: FrameResult,
  before: { readonly decode: number; readonly motion: number },
): SegmentedFrame {
  return {
    frame,
    labels,
    kind: plan.kind,
    ...(plan.reason ? { reason: plan.reason } : {}),
    distance: plan.distance,
    timings: { ...milliseconds, decode: before.decode, motion: before.motion + milliseconds.motion },
    ...(scores ? { scores } : {}),
    ...(attention ? { attention } : {}),
    ...motion,
  };
}
