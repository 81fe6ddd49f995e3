import type { FrameStream } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';

/** Frames that may be with networks, the one that they run included: they need not wait for this thread. */
const FRAMES_RUNNING = 2;

/**
 * A stream of frames through networks, and the frames that wait for them: of one group of pictures after another, in
 * their order.
 */
export class Lane {
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  readonly #stream: FrameStream;

  constructor(readonly networks: Networks) {
    this.#stream = networks.begin();
  }

  /** Frames that wait or run. */
  get frames(): number {
    return this.#waiting.length + this.#running.size;
  }

  /** Makes a call once those before it leave room. */
  run<T>(call: (stream: FrameStream) => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        const result = call(this.#stream);
        const ended = result
          .catch(() => undefined)
          .then(() => {
            this.#running.delete(ended);
            this.#next();
          });
        this.#running.add(ended);
        resolve(result);
      });
      this.#next();
    });
  }

  /** Drops what waits (its calls are never answered), ends the stream and waits until the networks are done with it. */
  async stop(): Promise<void> {
    this.#waiting.length = 0;
    const closed = this.#stream.close();
    await Promise.all(this.#running);
    await closed;
  }

  #next(): void {
    while (this.#running.size < FRAMES_RUNNING && this.#waiting.length > 0) this.#waiting.shift()!();
  }
}
