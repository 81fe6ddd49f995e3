/** What this process holds, second by second. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Held {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** Linux. */
export function heldNow(): Held {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    megabytes: Math.round(process.memoryUsage().rss / 1e6),
    descriptors: readdirSync('/proc/self/fd').length,
    threads: Number(/Threads:\s+(\d+)/.exec(status)![1]),
  };
}

export class ProcessWatch implements Disposable {
  readonly seen: Held[] = [];
  private readonly timer = setInterval(() => {
    this.seen.push(heldNow());
    if (process.env.ZZ) {
      const m = process.memoryUsage();
      console.error(
        Object.values(m)
          .map((v) => Math.round(v / 1e6))
          .join(' '),
      );
    }
  }, 1000);

  /** Means over parts of the time, one after the other. */
  parts(count: number): Held[] {
    return Array.from({ length: count }, (_, k) => {
      const part = this.seen.slice(
        Math.floor((k * this.seen.length) / count),
        Math.floor(((k + 1) * this.seen.length) / count),
      );
      const mean = (of: (held: Held) => number) =>
        Math.round((10 * part.reduce((sum, held) => sum + of(held), 0)) / part.length) / 10;
      return {
        megabytes: mean(({ megabytes }) => megabytes),
        descriptors: mean(({ descriptors }) => descriptors),
        threads: mean(({ threads }) => threads),
      };
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }
}
