import { blockMotion, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import type { BlockMotion } from '../frame.js';
import { accumulateMotion } from './accumulate.js';
import type { MotionField } from './field.js';
import { MotionTrace } from './motion-trace.js';
import { warpField } from './warp-field.js';

const [WIDTH, HEIGHT] = [83, 51];

/** Blocks all over the picture and beyond, with gaps, overlaps and some that refer to the future. */
function randomMotion(random: () => number, blocks: number): BlockMotion {
  return blockMotion(
    Array.from({ length: blocks }, () => ({
      x: Math.floor(random() * (WIDTH + 20)) - 10,
      y: Math.floor(random() * (HEIGHT + 20)) - 10,
      w: 4 + 4 * Math.floor(3 * random()),
      h: 4 + 4 * Math.floor(3 * random()),
      dx: Math.round(80 * random() - 40) / 4,
      dy: Math.round(80 * random() - 40) / 4,
      direction: random() < 0.2 ? 1 : -1,
    })),
  );
}

function expectEqual(actual: MotionField, expected: MotionField): void {
  expect({ ...actual, dx: [...actual.dx], dy: [...actual.dy], coverage: [...actual.coverage] }).toEqual({
    ...{ rows: expected.rows, columns: expected.columns, stride: expected.stride },
    ...{ dx: [...expected.dx], dy: [...expected.dy], coverage: [...expected.coverage] },
  });
}

describe('MotionTrace', () => {
  it.each([4, 8] as const)('gives what fields and their accumulation give, stride %i', (stride) => {
    const random = randomFrom(3);
    const trace = new MotionTrace(WIDTH, HEIGHT, stride);
    let past: MotionField | undefined;
    for (let t = 0; t < 12; t++) {
      const motion = randomMotion(random, [40, 0, 3, 200][t % 4]);
      const expected = accumulateMotion(past, warpField(motion, WIDTH, HEIGHT, stride));
      expectEqual(trace.field(motion), expected);
      // Asked for again, it is the same; frames that nothing refers to are not kept.
      expectEqual(trace.field(motion), expected);
      if (t % 3 === 0) continue;
      trace.keep();
      past = expected;
    }
    trace.clear();
    const motion = randomMotion(random, 30);
    expectEqual(trace.field(motion), warpField(motion, WIDTH, HEIGHT, stride));
  });

  it('gives arrays of the caller’s own', () => {
    const trace = new MotionTrace(WIDTH, HEIGHT, 4);
    const first = trace.field(randomMotion(randomFrom(1), 60));
    const before = first.dx.slice();
    trace.keep();
    trace.field(randomMotion(randomFrom(2), 60));
    expect(first.dx).toEqual(before);
    expect(() => new MotionTrace(WIDTH, HEIGHT, 4).keep()).toThrow('no frame');
  });
});
