import { TwnetError } from '../errors.js';
import { FairQueue } from '../runtime/fair-queue.js';
import type { FrameStream } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';

/** Frames that may be with networks, the one that they run included: they need not wait for this thread. */
const FRAMES_RUNNING = 2;

/**
 * A stream of frames through networks, and the frames that wait for them: of one group of pictures after another, in
 * their order.
 */
export class Lane {
  readonly #queue = new FairQueue(FRAMES_RUNNING);
  readonly #stream: FrameStream;
  #frames = 0;

  constructor(readonly networks: Networks) {
    this.#stream = networks.begin();
  }

  /** Frames that wait or run. */
  get frames(): number {
    return this.#frames;
  }

  /** Makes a call once those before it leave room. */
  async run<T>(call: (stream: FrameStream) => Promise<T>): Promise<T> {
    this.#frames++;
    try {
      return await this.#queue.run(0, () => call(this.#stream));
    } finally {
      this.#frames--;
    }
  }

  /** Refuses what waits, ends the stream and waits until the networks are done with it. */
  async stop(): Promise<void> {
    const ended = this.#queue.end(new TwnetError('the stream of frames was closed'));
    await Promise.all([this.#stream.close(), ended]);
  }
}
