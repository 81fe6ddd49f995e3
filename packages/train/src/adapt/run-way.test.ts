import { expect, it } from 'vitest';
import { timedFrames } from './run-way.js';

it('times whole groups of twelve behind the first frame, and what there is of less', () => {
  expect([1, 2, 12, 13, 24, 25, 36, 241].map(timedFrames)).toEqual([1, 1, 11, 12, 12, 24, 24, 240]);
});
