import { expect, it } from 'vitest';
import { SEED_OFFSET, STREAM } from './random-streams.js';

it.each([STREAM, SEED_OFFSET])('has a number for each kind of draw: %o', (table) => {
  const numbers = Object.values(table);
  expect(new Set(numbers).size).toBe(numbers.length);
});
