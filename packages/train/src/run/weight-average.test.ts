import { describe, expect, it } from 'vitest';
import { freshState } from './state.js';
import { averageWeights, interpolated, shippedWeights } from './weight-average.js';

const stateOf = (...values: number[]) =>
  freshState(new Map([['w', { shape: [values.length], data: Float32Array.from(values) }]]));

describe('averageWeights', () => {
  it('weighs each past step by the decay', () => {
    const state = stateOf(1, 0);
    averageWeights(state, 0.9);
    const expected = [1, 0];
    for (let step = 1; step <= 200; step++) {
      const values = [step, Math.sin(step)];
      state.step = step;
      state.parameters.set('w', { shape: [2], data: Float32Array.from(values) });
      averageWeights(state, 0.9);
      const decay = Math.min(0.9, (1 + step) / (10 + step));
      for (const [i, value] of values.entries()) expected[i] = decay * expected[i] + (1 - decay) * value;
    }
    const { data } = shippedWeights(state).get('w')!;
    expect(data[0]).toBeCloseTo(expected[0], 3);
    expect(data[1]).toBeCloseTo(expected[1], 5);
    // Of a ramp, the average lags by decay / (1 − decay) steps.
    expect(data[0]).toBeCloseTo(200 - 9, 1);
  });

  it('stays with parameters that do not change, and leaves them alone', () => {
    const state = stateOf(0.3, -2);
    for (state.step = 1; state.step < 20; state.step++) averageWeights(state, 0.99);
    expect([...shippedWeights(state).get('w')!.data]).toEqual([...state.parameters.get('w')!.data]);
    state.averaged.get('w')!.data[0] = 9;
    expect(state.parameters.get('w')!.data[0]).toBeCloseTo(0.3, 6);
  });

  it('takes none at decay 0', () => {
    const state = stateOf(1);
    averageWeights(state, 0);
    expect(shippedWeights(state)).toBe(state.parameters);
  });
});

describe('interpolated', () => {
  it('lies on the line between two sets of weights', () => {
    const [start, end] = [stateOf(1, 4).parameters, stateOf(3, -4).parameters];
    expect([...interpolated(start, end, 0.25).get('w')!.data]).toEqual([1.5, 2]);
    expect(interpolated(start, end, 1)).toBe(end);
    expect([...start.get('w')!.data]).toEqual([1, 4]);
  });
});
