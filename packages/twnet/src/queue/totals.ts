/** What all workers have done so far, added up in Redis. */
import type { Redis } from 'ioredis';

export interface Totals {
  readonly groups: number;
  readonly merges: number;
  /** Segmented. */
  readonly frames: number;
  /** Of work on them. */
  readonly seconds: number;
}

const KEY = 'bull:twnet:twnet-totals';

export async function addToTotals(
  redis: Redis,
  name: string,
  frames: number,
  seconds: number,
): Promise<void> {
  const once = redis.pipeline().hincrby(KEY, name, 1);
  if (name === 'group') once.hincrby(KEY, 'frames', frames).hincrbyfloat(KEY, 'seconds', seconds);
  await once.exec();
}

export async function readTotals(redis: Redis): Promise<Totals> {
  const read = await redis.hgetall(KEY);
  const number = (name: string) => Number(read[name] ?? 0);
  return {
    groups: number('group'),
    merges: number('merge'),
    frames: number('frames'),
    seconds: number('seconds'),
  };
}
