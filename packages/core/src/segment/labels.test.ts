import { GraphSession } from '@twnet/node/engine/session';
import { randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { Graph, type Value } from '../graph/graph.js';
import { labelsFromScores } from './labels.js';

/** The definition: every class enlarged, then the argmax of every pixel. */
function bruteForce(
  scores: Float32Array,
  classes: number,
  width: number,
  height: number,
  stride = 4,
): Uint8Array {
  const rows = Math.ceil(height / stride);
  const columns = Math.ceil(width / stride);
  const clamp = (v: number, last: number) => Math.min(Math.max(v, 0), last);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = clamp(((i % width) + 0.5) / stride - 0.5, columns - 1);
    const y = clamp((Math.floor(i / width) + 0.5) / stride - 0.5, rows - 1);
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(x0 + 1, columns - 1), Math.min(y0 + 1, rows - 1)];
    const [fx, fy] = [x - x0, y - y0];
    let best = Number.NEGATIVE_INFINITY;
    let winner = 0;
    for (let c = 0; c < classes; c++) {
      const at = (r: number, q: number) => scores[(c * rows + r) * columns + q];
      const value =
        (1 - fx) * ((1 - fy) * at(y0, x0) + fy * at(y1, x0)) + fx * ((1 - fy) * at(y0, x1) + fy * at(y1, x1));
      if (value > best) {
        best = value;
        winner = c;
      }
    }
    return winner;
  });
}

type MakeScores = (classes: number, rows: number, columns: number) => Float32Array;

/** No two neighbours agree: nearly every cell is interpolated. */
const noise: MakeScores = (classes, rows, columns) => {
  const random = randomFrom(classes + rows);
  return Float32Array.from({ length: classes * rows * columns }, () => random() * 8 - 4);
};

/** Broad regions with soft borders: most cells are filled. */
const smooth: MakeScores = (classes, rows, columns) =>
  Float32Array.from({ length: classes * rows * columns }, (_, i) => {
    const c = Math.floor(i / (rows * columns));
    const y = Math.floor(i / columns) % rows;
    return 3 * Math.sin(((i % columns) * (c + 1)) / 23 + (y * (c % 3)) / 11 + c);
  });

/** Regions so broad that long stretches of cells have one label, and a few cells that stand out. */
const broad: MakeScores = (classes, rows, columns) => {
  const scores = new Float32Array(classes * rows * columns);
  const cells = rows * columns;
  for (let i = 0; i < cells; i++) {
    const region = Math.floor((i % columns) / 37) + 2 * Math.floor(i / columns / 6);
    const odd = i % 53 === 7 ? 1 : 0;
    scores[((region + odd) % classes) * cells + i] = 1 + ((i * 29) % 17) / 16;
  }
  return scores;
};

/** Scores of few distinct values: ties everywhere, and sums without rounding in float32. */
const tied: MakeScores = (classes, rows, columns) =>
  noise(classes, rows, columns).map((v) => Math.round(v / 2));

const SIZES = [
  [64, 48],
  [61, 45],
  [63, 50],
  [4, 4],
  [1, 1],
  [3, 40],
  [50, 2],
  // Wide enough for cells to be looked at sixteen at a time.
  [205, 41],
  [402, 18],
] as const;

describe('labelsFromScores', () => {
  it.each([
    ['noise', 4, noise],
    ['smooth', 4, smooth],
    ['broad', 4, broad],
    ['tied', 4, tied],
    ['noise', 8, noise],
    ['smooth', 8, smooth],
    ['broad', 8, broad],
    ['tied', 8, tied],
  ] as const)('equals the argmax of all enlarged classes: %s, by %i', (_name, stride, make) => {
    for (const [width, height] of SIZES) {
      for (const classes of [1, 2, 3, 11, 16, 19]) {
        const scores = make(classes, Math.ceil(height / stride), Math.ceil(width / stride));
        const labels = labelsFromScores(scores, classes, width, height, undefined, stride);
        expect(Buffer.compare(labels, bruteForce(scores, classes, width, height, stride))).toBe(0);
      }
    }
  });

  it.each([
    4, 8,
  ] as const)('equals ONNX Runtime: Resize (linear, half_pixel) by %i and ArgMax', async (stride) => {
    const [classes, rows, columns] = [7, 10, 14];
    for (const make of [tied, smooth]) {
      // Multiples of 1/1024 have no rounding in float32 either, so ties fall alike.
      const scores = make(classes, rows, columns).map((v) => Math.round(v * 1024) / 1024);
      const graph = new Graph();
      const input = graph.input('scores', [1, classes, rows, columns]);
      const enlarged = resize(graph, input, stride);
      const labels = graph.node('ArgMax', [enlarged], [1, stride * rows, stride * columns], {
        attributes: { axis: 1, keepdims: 0, select_last_index: 0 },
        type: 'int64',
      });
      graph.output('labels', labels);
      const session = await GraphSession.open(graph, { threads: 1 });
      const expected = Uint8Array.from((await session.run({ scores })).labels as BigInt64Array, Number);
      await session.close();
      const [width, height] = [stride * columns, stride * rows];
      const made = labelsFromScores(scores, classes, width, height, undefined, stride);
      expect(Buffer.compare(made, expected)).toBe(0);
    }
  });

  it('lets a class win between corners where it is nowhere first', () => {
    // Classes 0 and 1 win one side each, class 2 is a close second on both.
    const scores = Float32Array.from([10, 0, 0, 10, 9, 9]);
    expect([...labelsFromScores(scores, 3, 8, 4)].slice(0, 8)).toEqual([0, 0, 2, 2, 2, 2, 1, 1]);
  });

  it('knows up to 255 classes', () => {
    const scores = noise(255, 3, 4);
    expect(Buffer.compare(labelsFromScores(scores, 255, 15, 11), bruteForce(scores, 255, 15, 11))).toBe(0);
    expect(() => labelsFromScores(noise(256, 3, 4), 256, 15, 11)).toThrow(/256 classes/);
  });

  it('gives the lowest class of several', () => {
    expect(labelsFromScores(new Float32Array(5 * 6), 5, 12, 8).every((v) => v === 0)).toBe(true);
  });

  it('overwrites every label of the array it is given, and refuses wrong sizes', () => {
    const scores = smooth(3, 5, 6);
    const out = new Uint8Array(23 * 18).fill(200);
    expect(labelsFromScores(scores, 3, 23, 18, out)).toBe(out);
    expect(Math.max(...out)).toBeLessThan(3);
    expect(() => labelsFromScores(scores, 4, 23, 18)).toThrow(RangeError);
    expect(() => labelsFromScores(scores, 3, 23, 18, new Uint8Array(9))).toThrow(/414/);
  });
});

function resize(graph: Graph, input: Value, factor: number): Value {
  const [n, c, h, w] = input.shape;
  const scales = graph.constant(Float32Array.of(1, 1, factor, factor), [4]);
  return graph.node('Resize', [input, undefined, scales], [n, c, factor * h, factor * w], {
    attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  });
}
