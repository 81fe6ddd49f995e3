/** The learning rate over a run. */
import type { KeyConfig } from '../config/config.js';

/** Rate of step `step` (from 0) of `steps`. */
export function learningRateAt(
  step: number,
  { learningRate, steps, schedule }: Pick<KeyConfig, 'learningRate' | 'steps' | 'schedule'>,
): number {
  const rise = Math.min(1, (step + 1) / (schedule.warmup + 1));
  const fall = schedule.kind === 'poly' ? Math.max(0, 1 - step / steps) ** schedule.power : 1;
  return learningRate * rise * fall;
}
