import type { ShownFrame } from '../shown.js';

/** Bytes that frames around the one that is shown may hold, and how many frames. */
const MOST_BYTES = 96e6;
const [LEAST, MOST] = [24, 180];

/** Frames around the one that is shown. */
export class FrameBuffer {
  readonly #frames = new Map<number, ShownFrame>();
  readonly #most: number;
  /** Number of the frame that came last. */
  last = -1;

  /** @param bytes of a frame */
  constructor(bytes: number) {
    this.#most = Math.max(LEAST, Math.min(MOST, Math.floor(MOST_BYTES / bytes)));
  }

  /** Frames after the one that is shown that there is room for. */
  get ahead(): number {
    return Math.floor(this.#most / 2);
  }

  get(index: number): ShownFrame | undefined {
    return this.#frames.get(index);
  }

  add(frame: ShownFrame): void {
    this.#frames.set(frame.index, frame);
    this.last = frame.index;
  }

  keepAround(index: number): void {
    for (const each of this.#frames.keys()) {
      if (this.#frames.size <= this.#most) return;
      if (each < index) this.#frames.delete(each);
    }
  }

  clear(): void {
    this.#frames.clear();
    this.last = -1;
  }
}
