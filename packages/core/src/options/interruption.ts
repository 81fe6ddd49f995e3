/**
 * Waiting that an `AbortSignal` ends: what is waited for goes on, but nobody waits for it any more. `using` it takes its
 * listener off the signal.
 */
export class Interruption implements Disposable {
  private readonly ended: Promise<never>;
  private end!: (reason: unknown) => void;
  private readonly listen = () => this.end(this.signal?.reason);

  constructor(readonly signal: AbortSignal | undefined) {
    this.ended = new Promise<never>((_, reject) => {
      this.end = reject;
    });
    this.ended.catch(() => undefined);
    if (signal?.aborted) this.listen();
    else signal?.addEventListener('abort', this.listen, { once: true });
  }

  /** Whether there is no more waiting. */
  get aborted(): boolean {
    return this.signal?.aborted ?? false;
  }

  /** @throws the signal's reason, once it is aborted */
  async wait<T>(work: Promise<T>): Promise<T> {
    if (!this.signal) return work;
    // What comes of it later is nobody's concern, a failure neither.
    work.catch(() => undefined);
    this.signal.throwIfAborted();
    return Promise.race([work, this.ended]);
  }

  [Symbol.dispose](): void {
    this.signal?.removeEventListener('abort', this.listen);
  }
}
