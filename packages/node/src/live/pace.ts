import { setTimeout as sleep } from 'node:timers/promises';
import type { VideoFrame } from '@twnet/core/frame';

/** A jump on the clock of more than so many seconds starts it anew. */
const LONGEST = 5;

/** Holds frames back until their time has come, as a camera would. */
export class Pace {
  private zero: number | undefined;

  /** The frame, which arrives now, once it is due. */
  async wait(frame: VideoFrame, signal: AbortSignal): Promise<VideoFrame> {
    const now = performance.now();
    this.zero ??= now - 1000 * frame.timestamp;
    let due = this.zero + 1000 * frame.timestamp;
    if (Math.abs(due - now) > 1000 * LONGEST) {
      this.zero = now - 1000 * frame.timestamp;
      due = now;
    }
    if (due > now) await sleep(due - now, undefined, { signal }).catch(() => signal.throwIfAborted());
    return { ...frame, arrived: performance.now() };
  }
}
