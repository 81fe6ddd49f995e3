/** Measurements with given times, for tests. */
import type { SpeedMeasurement } from './speed-measurement.js';
import { spreadOf } from './spread.js';

const STAGES = { decode: 0, motion: 0, network: 0, labels: 0 };

/** What follows when the networks alone take `base`, `key` and `nonKey` milliseconds and nothing else takes time. */
export function madeMeasurement(
  where: Pick<SpeedMeasurement, 'width' | 'height' | 'gop'> & Partial<SpeedMeasurement>,
  { base, key, nonKey }: { readonly base: number; readonly key: number; readonly nonKey: number },
): SpeedMeasurement {
  const { gop } = where;
  const propagated = (key + (gop - 1) * nonKey) / gop;
  const one = (value: number) => spreadOf([value]);
  return {
    backbone: 'mobilenet-v1',
    layer: 1,
    threads: null,
    network: { perFrame: one(base), key: one(key), nonKey: one(nonKey) },
    endToEnd: { perFrame: one(base), propagated: one(propagated), nonKey: gop > 1 ? one(nonKey) : null },
    speedUp: { network: one(base / propagated), endToEnd: one(base / propagated) },
    nonKeySpeedUp: { network: one(base / nonKey), endToEnd: gop > 1 ? one(base / nonKey) : null },
    stages: { perFrame: STAGES, key: STAGES, nonKey: gop > 1 ? STAGES : null },
    ...where,
  };
}
