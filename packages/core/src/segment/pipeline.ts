/** Frames on their way through the networks: prepared, handed to a lane, given back in display order. */
import type { VideoFrame } from '../frame.js';
import type { FrameResult } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';
import { Lane } from './lane.js';
import { ReferenceMotion } from './reference-motion.js';
import type { FramePlan } from './schedule.js';
import type { Segmenting } from './segment-options.js';
import type { FrameMotion, SegmentedFrame } from './segmented-frame.js';

/** Frames that may have been started and not taken, beyond those of groups that wait for their lanes. */
const FRAMES_STARTED = 2;

/**
 * Bytes that started frames may hold for every lane, where there are several: for a lane to begin a group of pictures,
 * the frames of the groups before must have been read.
 */
const LOOK_AHEAD_BYTES = 2 ** 28;
const LOOK_AHEAD_FRAMES = 64;

/** A frame that a lane has been given. */
interface Started {
  readonly segmented: Promise<SegmentedFrame>;
  done: boolean;
}

/** Frames on their way through the networks. */
export class Pipeline {
  readonly #motion: ReferenceMotion;
  /** Features are warped from the key frame at once: others keep none. */
  readonly #accumulated: boolean;
  readonly #lanes: readonly Lane[];
  /** Where the present group of pictures goes. */
  #lane: Lane;
  /** Frames of the present group that have been started, and of the longest so far. */
  #group = 0;
  #longest = 1;
  readonly #started: Started[] = [];

  constructor(
    networks: readonly Networks[],
    readonly options: Segmenting,
  ) {
    this.#lanes = networks.map((one) => new Lane(one));
    [this.#lane] = this.#lanes;
    const [{ width, height, contextStride, usesResidual, accumulated = false }] = networks;
    this.#accumulated = accumulated || options.motion?.accumulated === true;
    this.#motion = new ReferenceMotion(width, height, contextStride, {
      accumulated: this.#accumulated,
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
    const { labelSize: labels = { width, height } } = this.#lane.networks;
    const bytes = 3 * width * height + labels.width * labels.height;
    const held = Math.min(LOOK_AHEAD_FRAMES, Math.floor(LOOK_AHEAD_BYTES / bytes));
    return this.started >= FRAMES_STARTED + lanes * Math.min(this.#longest, Math.max(held, 1));
  }

  /** Whether {@link next} need not wait. */
  get nextIsDone(): boolean {
    return this.#started[0]?.done ?? false;
  }

  /**
   * Prepares a frame and hands it to the networks.
   *
   * @param pixels what the network of its kind is given of it
   * @param times milliseconds that decoding took, and when work on the frame's motion began
   */
  start(
    frame: VideoFrame,
    plan: FramePlan,
    pixels: Uint8Array,
    times: { decode: number; begun: number },
  ): void {
    const { options } = this;
    const motion = plan.kind === 'nonkey' ? this.#motionOf(frame) : undefined;
    this.#motion.keep(frame, plan);
    const keep = !options.perFrame && plan.isReference && (plan.kind === 'key' || !this.#accumulated);
    // Nothing that comes later needs what the lane has kept: any lane may go on.
    if (plan.kind === 'key' && (keep || options.perFrame)) {
      this.#lane = this.#idlest();
      this.#group = 0;
    }
    this.#longest = Math.max(this.#longest, ++this.#group);
    const prepared = performance.now() - times.begun;
    const request = { keep, scores: options.keepScores };
    const result = this.#lane.run((stream) =>
      motion
        ? stream.nonKeyFrame(pixels, motion.field, motion.residual?.data, request)
        : stream.keyFrame(pixels, request),
    );
    const { labelSize } = this.#lane.networks;
    const segmented = result.then((given) => ({
      ...segmentedFrame(frame, plan, motion, given, { decode: times.decode, motion: prepared }),
      ...(labelSize === undefined ? {} : { labelSize }),
    }));
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
