import type { VideoFrame } from '../frame.js';
import { leastResidual, shareOfFollowing } from '../motion/between.js';
import type { FollowingMotion } from './following-motion.js';
import type { FramePlan } from './schedule.js';
import type { FrameMotion } from './segmented-frame.js';

/** Bytes that waiting frames may hold. */
const WAITING_BYTES = 2 ** 28;

export interface WaitingFrame {
  readonly frame: VideoFrame;
  readonly plan: FramePlan;
  /** From the key frame before. */
  readonly motion: FrameMotion;
  /** Sends it to the networks with the motion that it is warped along, milliseconds that this took, and whether between key frames. */
  readonly send: (motion: FrameMotion, milliseconds: number, between: boolean) => void;
}

/** Frames that wait for the key frame after them. */
export class WaitingFrames {
  readonly #frames: WaitingFrame[] = [];
  readonly #following: FollowingMotion;
  #bytes = 0;

  /** @param most frames that may wait */
  constructor(
    private readonly most: number,
    following: FollowingMotion,
  ) {
    this.#following = following;
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** One more frame waits; those that there is no room for are sent on. */
  add(frame: WaitingFrame): void {
    this.#frames.push(frame);
    this.#bytes += bytesOf(frame);
    while (this.#frames.length > this.most || this.#bytes > WAITING_BYTES) this.#sendFirst();
  }

  /** No key frame comes that they could be warped from: they are sent on as they are. */
  flush(): void {
    while (this.#frames.length > 0) this.#sendFirst();
  }

  /** The key frame after them is there: all are sent with motion into it, those before a cut without. */
  close(key: VideoFrame): void {
    this.#following.begin(key);
    const ready: (() => void)[] = [];
    for (const waiting of this.#frames.splice(0).reverse()) {
      const { frame, plan, motion, send } = waiting;
      const begun = performance.now();
      const returned = this.#following.motion(frame, plan.isReference);
      const span = key.index - frame.index + plan.distance;
      const both = returned ? mixture(plan.distance, span, motion, returned) : motion;
      const milliseconds = performance.now() - begun;
      ready.push(() => send(both, milliseconds, true));
    }
    for (const send of ready.reverse()) send();
    this.#bytes = 0;
  }

  #sendFirst(): void {
    const first = this.#frames.shift()!;
    this.#bytes -= bytesOf(first);
    first.send(first.motion, 0, false);
  }
}

const bytesOf = ({ frame: { pixels, fullPixels } }: WaitingFrame): number =>
  pixels.length + (fullPixels?.length ?? 0);

/** Motion from the key frame before, with that from the one after it. */
function mixture(distance: number, span: number, preceding: FrameMotion, returned: FrameMotion): FrameMotion {
  const share = shareOfFollowing(distance, span, preceding, returned);
  const { field, residual } = preceding;
  const following = { field: returned.field, share };
  if (!residual || !returned.residual) return { field, following };
  return { field, residual: leastResidual(residual, returned.residual), following };
}
