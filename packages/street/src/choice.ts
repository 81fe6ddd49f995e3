/** Draws from a seeded stream. */
import { type Random, seededRandom } from '@twnet/core/random';

export interface Draw {
  (): number;
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

export function drawFrom(...seeds: readonly number[]): Draw {
  const random: Random = seededRandom(...seeds);
  return Object.assign(() => random(), {
    between: (low: number, high: number): number => low + (high - low) * random(),
    pick: <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)],
    chance: (share: number): boolean => random() < share,
  });
}
