/** Exponential moving averages of the parameters: smoother than the last step's, and often better. */
import type { Weights } from '@twnet/core/network/safetensors';
import type { TrainingState } from './state.js';

/**
 * Moves the averages towards the present parameters and batch norm's statistics, a ← d·a + (1 − d)·p, once a step.
 * d = min(decay, (1 + t) / (10 + t)) after t steps, so that the start is soon forgotten (as TensorFlow's
 * ExponentialMovingAverage with `num_updates`). A decay of 0 takes no averages.
 */
export function averageWeights({ step, parameters, averaged }: TrainingState, decay: number): void {
  if (decay === 0) return;
  const share = 1 - Math.min(decay, (1 + step) / (10 + step));
  for (const [name, { shape, data }] of parameters) {
    const known = averaged.get(name);
    if (!known) {
      averaged.set(name, { shape, data: data.slice() });
      continue;
    }
    const average = known.data;
    for (let i = 0; i < data.length; i++) average[i] += share * (data[i] - average[i]);
  }
}

/** What a run validates and ships: the averages where it takes them, else the parameters. */
export function shippedWeights({ parameters, averaged }: TrainingState): Weights {
  return averaged.size > 0 ? averaged : parameters;
}

/** Weights on the straight line from `start` to `end`, at `share` of the way; both have the same tensors. */
export function interpolated(start: Weights, end: Weights, share: number): Weights {
  if (share === 1) return end;
  return new Map(
    [...end].map(([name, { shape, data }]) => {
      const from = start.get(name)!.data;
      return [name, { shape, data: data.map((value, i) => from[i] + share * (value - from[i])) }];
    }),
  );
}
