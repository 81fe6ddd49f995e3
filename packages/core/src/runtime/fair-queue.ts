/**
 * Calls of several callers to somebody who takes a few at a time: each caller's in their order, callers in turn, so that
 * one who asks for much does not keep the others waiting.
 */
export class FairQueue {
  /** What waits, by caller; the caller whose turn is next comes first. */
  readonly #waiting = new Map<number, Waiting[]>();
  readonly #running = new Set<Promise<unknown>>();
  #ended: Error | undefined;

  /** @param most calls that run at a time */
  constructor(readonly most: number) {}

  /** Makes a call when its turn comes. */
  run<T>(caller: number, call: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      const waiting = this.#waiting.get(caller) ?? [];
      waiting.push({ start: () => void this.#start(call).then(resolve, reject), refuse: reject });
      this.#waiting.set(caller, waiting);
      this.#next();
    });
  }

  /** Refuses what a caller has waiting; what runs goes on. */
  drop(caller: number, reason: Error): void {
    const waiting = this.#waiting.get(caller) ?? [];
    this.#waiting.delete(caller);
    for (const { refuse } of waiting) refuse(reason);
  }

  /** Refuses all that waits and all that comes; resolves when nothing runs any more. */
  async end(reason: Error): Promise<void> {
    this.#ended ??= reason;
    for (const caller of [...this.#waiting.keys()]) this.drop(caller, this.#ended);
    await Promise.allSettled(this.#running);
  }

  async #start<T>(call: () => Promise<T>): Promise<T> {
    const running = call();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#next();
    }
  }

  #next(): void {
    while (this.#running.size < this.most) {
      const [turn] = this.#waiting;
      if (!turn) return;
      const [caller, waiting] = turn;
      const { start } = waiting.shift()!;
      // To the back of the line.
      this.#waiting.delete(caller);
      if (waiting.length > 0) this.#waiting.set(caller, waiting);
      start();
    }
  }
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}
