/**
 * Waiting that an `AbortSignal` ends: what is waited for goes on, but nobody waits for it any more. `using` it takes its
 * listener off the signal.
 */
export class Interruption implements Disposable {
  /** Those who wait. A promise that all of them race with would hold on to whatever each has got, as long as it lives. */
  private readonly waiting = new Set<(reason: unknown) => void>();
  private readonly listen = () => {
    for (const end of this.waiting) end(this.signal?.reason);
    this.waiting.clear();
  };

  constructor(readonly signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', this.listen, { once: true });
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
    return new Promise<T>((resolve, reject) => {
      this.waiting.add(reject);
      const done = () => this.waiting.delete(reject);
      work.then(
        (value) => {
          done();
          resolve(value);
        },
        (error) => {
          done();
          reject(error);
        },
      );
    });
  }

  [Symbol.dispose](): void {
    this.signal?.removeEventListener('abort', this.listen);
  }
}
