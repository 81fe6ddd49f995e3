import type { Port } from '@twnet/core/runtime/port';
import { openPartner } from '../workers/partner.js';
import type { ExtractionOptions, MotionSummary } from './extraction.js';
import type { ExtractionProgress, ExtractionReply, ExtractionRequest } from './extraction-worker.js';
import type { MotionTarget } from './motion-sink.js';
import { receivedError } from './sent-error.js';

/** A thread that takes the motion out of files, one after the other. */
export class ExtractionThread implements AsyncDisposable {
  readonly #partner: Port<ExtractionRequest>;
  #waiting: { resolve(reply: ExtractionReply): void; reject(error: Error): void } | undefined;
  #ended: Error | undefined;

  constructor() {
    const open = openPartner<ExtractionRequest, ExtractionReply>('extraction-worker', import.meta.url);
    this.#partner = open({
      onReply: (reply) => this.#take()?.resolve(reply),
      onEnd: (error = new Error('the thread that read the video ended')) => {
        this.#ended ??= error;
        this.#take()?.reject(error);
      },
    });
  }

  /** Whether it takes no more files. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Takes the motion out of a file of this machine; one at a time.
   *
   * @param until ends it early, complete as far as it came
   * @throws InputError, OutputError
   */
  async run(
    source: string,
    target: MotionTarget,
    options: ExtractionOptions,
    until: AbortSignal,
    onProgress: (progress: ExtractionProgress) => void,
  ): Promise<MotionSummary> {
    this.#partner.hold(true);
    try {
      let reply = await this.#ask({ kind: 'open', source, target, options });
      for (;;) {
        onProgress(reply.progress!);
        if (!reply.more || until.aborted) break;
        reply = await this.#ask({ kind: 'advance' });
      }
      return (await this.#ask({ kind: 'finish' })).summary!;
    } finally {
      this.#partner.hold(false);
    }
  }

  /** Ends the thread, which must not be at work. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#partner.end();
  }

  async #ask(request: ExtractionRequest): Promise<ExtractionReply> {
    if (this.#ended) throw this.#ended;
    const reply = await new Promise<ExtractionReply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#partner.ask(request);
    });
    if (reply.error) throw receivedError(reply.error);
    return reply;
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
