/** Frames on their way through the networks: prepared, handed to a lane, given back in display order. */
import type { VideoFrame } from '../frame.js';
import type { FrameResult } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';
import { FollowingMotion } from './following-motion.js';
import { Lane } from './lane.js';
import { ReferenceMotion } from './reference-motion.js';
import type { FramePlan } from './schedule.js';
import type { Segmenting } from './segment-options.js';
import type { FrameMotion, SegmentedFrame } from './segmented-frame.js';
import { WaitingFrames } from './waiting-frames.js';

/** Frames that may have been started and not taken, beyond those of groups that wait for their lanes. */
const FRAMES_STARTED = 2;

/**
 * Bytes that started frames may hold for every lane, where there are several: for a lane to begin a group of pictures,
 * the frames of the groups before must have been read.
 */
const LOOK_AHEAD_BYTES = 2 ** 28;
const LOOK_AHEAD_FRAMES = 64;

/** A frame that has been started. */
interface Started {
  readonly segmented: Promise<SegmentedFrame>;
  /** A lane has been given it; else it waits for the key frame after it. */
  sent: boolean;
  done: boolean;
}

/** Milliseconds that decoding took, and when work on the frame's motion began. */
interface Times {
  readonly decode: number;
  readonly begun: number;
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
  /** Where frames are warped from both key frames. */
  readonly #waiting: WaitingFrames | undefined;
  /** While frames are sent that have waited: what gives their lane the feature of the key frame after them. */
  #following: Promise<unknown> | undefined;

  constructor(
    networks: readonly Networks[],
    readonly options: Segmenting,
  ) {
    this.#lanes = networks.map((one) => new Lane(one));
    [this.#lane] = this.#lanes;
    const [{ width, height, contextStride, usesResidual, accumulated = false, bidirectional }] = networks;
    this.#accumulated = accumulated || options.motion?.accumulated === true;
    this.#motion = new ReferenceMotion(width, height, contextStride, {
      accumulated: this.#accumulated,
      residuals: !options.perFrame && (usesResidual || options.keyFrames.mode === 'adaptive'),
    });
    if (bidirectional && !options.perFrame && options.lookahead > 0) {
      const following = new FollowingMotion(width, height, contextStride, { residuals: usesResidual });
      this.#waiting = new WaitingFrames(options.lookahead, following);
    }
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
   * memory allows. Frames that wait for a key frame do not count: only what is read next brings them on.
   */
  get isFull(): boolean {
    const lanes = this.#lanes.length;
    const waiting = this.#started.findIndex(({ sent }) => !sent);
    const sent = waiting < 0 ? this.started : waiting;
    if (lanes === 1 && !this.#waiting) return sent >= FRAMES_STARTED;
    const { width, height } = this.#lane.networks;
    const { labelSize: labels = { width, height } } = this.#lane.networks;
    const bytes = 3 * width * height + labels.width * labels.height;
    const held = Math.min(LOOK_AHEAD_FRAMES, Math.floor(LOOK_AHEAD_BYTES / bytes));
    return sent >= FRAMES_STARTED + lanes * Math.min(this.#longest, Math.max(held, 1));
  }

  /** Whether {@link next} need not wait. */
  get nextIsDone(): boolean {
    return this.#started[0]?.done ?? false;
  }

  /**
   * Prepares a frame and hands it to the networks, or has it wait for the key frame after it.
   *
   * @param pixels what the network of its kind is given of it
   */
  start(frame: VideoFrame, plan: FramePlan, pixels: Uint8Array, times: Times): void {
    if (plan.kind === 'key') this.#startKey(frame, plan, pixels, times);
    else this.#startNonKey(frame, plan, pixels, times);
    this.#longest = Math.max(this.#longest, ++this.#group);
  }

  /** No frame comes any more: none waits for a key frame. */
  finish(): void {
    this.#waiting?.flush();
  }

  #startKey(frame: VideoFrame, plan: FramePlan, pixels: Uint8Array, times: Times): void {
    const { options } = this;
    const keep = !options.perFrame && plan.isReference;
    // Nothing that comes after a discontinuity is of what lies before it.
    if (keep && plan.reason === 'start') this.finish();
    const before = this.#lane;
    // Nothing that comes later needs what the lane has kept: any lane may go on.
    if (keep || options.perFrame) {
      this.#lane = this.#idlest();
      this.#group = 0;
    }
    this.#motion.keep(frame, plan);
    const prepared = performance.now() - times.begun;
    const closes = keep && this.#waiting?.isEmpty === false;
    const isElsewhere = this.#lane !== before;
    const request = {
      ...{ keep, retain: closes && !isElsewhere },
      ...{ scores: options.keepScores, context: closes && isElsewhere },
    };
    const result = this.#lane.run((stream) => stream.keyFrame(pixels, request));
    this.#track(frame, plan, undefined, result, { decode: times.decode, motion: prepared });
    if (!closes) return;
    this.#following = isElsewhere ? this.#takeOver(before, result) : result;
    this.#waiting?.close(frame);
    this.#following = undefined;
  }

  /** Gives a lane the feature of a key frame that is another's; done once the lane's stream has been asked to take it. */
  #takeOver(lane: Lane, key: Promise<FrameResult>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      lane
        .run(async (stream) => {
          const taken = stream.takeOver((await key).context!);
          resolve(undefined);
          await taken;
        })
        .catch(reject);
    });
  }

  #startNonKey(frame: VideoFrame, plan: FramePlan, pixels: Uint8Array, times: Times): void {
    const { options } = this;
    const motion = this.#motionOf(frame);
    this.#motion.keep(frame, plan);
    const lane = this.#lane;
    const keep = plan.isReference && !this.#accumulated;
    const prepared = performance.now() - times.begun;
    const send = (along: FrameMotion, between: boolean): Promise<FrameResult> => {
      const { field, residual, following } = along;
      const request = {
        ...{ keep, scores: options.keepScores },
        ...(between ? { between: following ? { following } : {} } : {}),
      };
      const key = between ? this.#following : undefined;
      const isElsewhere = lane !== this.#lane;
      const result = lane.run(async (stream) => {
        if (isElsewhere) await key;
        return stream.nonKeyFrame(pixels, field, residual?.data, request);
      });
      // Where the key frame after it fails, that is why.
      return key ? result.catch((error) => key.then(() => Promise.reject(error))) : result;
    };
    const spent = { decode: times.decode, motion: prepared };
    if (!this.#waiting) {
      this.#track(frame, plan, motion, send(motion, false), spent);
      return;
    }
    const started = this.#await((resolve) =>
      this.#waiting!.add({
        ...{ frame, plan, motion },
        send: (along, milliseconds, between) => {
          started.sent = true;
          const times = { ...spent, motion: spent.motion + milliseconds };
          resolve(this.#segmented(frame, plan, along, send(along, between), times));
        },
      }),
    );
  }

  #track(
    frame: VideoFrame,
    plan: FramePlan,
    motion: FrameMotion | undefined,
    result: Promise<FrameResult>,
    spent: { readonly decode: number; readonly motion: number },
  ): void {
    this.#await((resolve) => resolve(this.#segmented(frame, plan, motion, result, spent))).sent = true;
  }

  async #segmented(
    frame: VideoFrame,
    plan: FramePlan,
    motion: FrameMotion | undefined,
    result: Promise<FrameResult>,
    spent: { readonly decode: number; readonly motion: number },
  ): Promise<SegmentedFrame> {
    const { labelSize } = this.#lane.networks;
    const given = await result;
    return {
      ...segmentedFrame(frame, plan, motion, given, spent),
      ...(labelSize === undefined ? {} : { labelSize }),
    };
  }

  /** One more frame has been started, whose result is to come. */
  #await(begin: (resolve: (result: Promise<SegmentedFrame>) => void) => void): Started {
    let resolve: (result: Promise<SegmentedFrame>) => void = () => undefined;
    const segmented = new Promise<SegmentedFrame>((settle) => {
      resolve = settle;
    });
    const started: Started = { segmented, sent: false, done: false };
    const end = () => {
      started.done = true;
    };
    // A failure is thrown by the `next` that comes to it.
    segmented.then(end, end);
    this.#started.push(started);
    begin(resolve);
    return started;
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
