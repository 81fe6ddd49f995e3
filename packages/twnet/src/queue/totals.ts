/** What all workers have done so far, added up in Redis. */
import type { Redis } from 'ioredis';
import { traffic } from './traffic.js';

export interface Totals {
  readonly groups: number;
  readonly merges: number;
  /** Segmented. */
  readonly frames: number;
  /** Of work on them. */
  readonly seconds: number;
  /** From buckets, and to them. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

const KEY = 'bull:twnet:twnet-totals';

/** Milliseconds that what a worker has done may wait: jobs do not wait for the books. */
const WAIT = 1000;

/** A worker's share of them. What it did in its last second is lost where it is killed. */
export class TotalsWriter {
  readonly #sums = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #traffic = { ...traffic };

  constructor(private readonly redis: Redis) {}

  add(name: string, frames: number, seconds: number): void {
    this.#add(name, 1);
    if (name === 'group') {
      this.#add('frames', frames);
      this.#add('seconds', seconds);
    }
    this.#timer ??= setTimeout(() => void this.write().catch(() => undefined), WAIT);
  }

  #add(name: string, by: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + by);
  }

  /** Writes what was not written yet. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#add('bytesRead', traffic.read - this.#traffic.read);
    this.#add('bytesWritten', traffic.written - this.#traffic.written);
    this.#traffic = { ...traffic };
    const sums = [...this.#sums].filter(([, sum]) => sum !== 0);
    this.#sums.clear();
    if (sums.length === 0) return;
    const once = this.redis.pipeline();
    for (const [name, sum] of sums)
      if (name === 'seconds') once.hincrbyfloat(KEY, name, sum);
      else once.hincrby(KEY, name, sum);
    await once.exec();
  }
}

export async function readTotals(redis: Redis): Promise<Totals> {
  const read = await redis.hgetall(KEY);
  const number = (name: string) => Number(read[name] ?? 0);
  return {
    groups: number('group'),
    merges: number('merge'),
    frames: number('frames'),
    seconds: number('seconds'),
    bytesRead: number('bytesRead'),
    bytesWritten: number('bytesWritten'),
  };
}
