import { onnxEngine } from '@twnet/node/engine/session';
import { randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph/graph.js';
import { encodeGraph, type TensorData } from '../runtime/engine.js';
import { answerGraph, pictureGraph } from './imported-graphs.js';
import { type ImportedInput, type ImportedOutput, importedSizes, longestSide } from './imported-network.js';

const INPUT: ImportedInput = {
  ...{ name: 'x', layout: 'NCHW', type: 'float32', order: 'RGB', width: 32, height: 32, multiple: 8 },
  ...{ mean: [10, 20, 30], deviation: [2, 4, 8] },
};
const OUTPUT: ImportedOutput = {
  ...{ name: 'y', content: 'scores', layout: 'NCHW', type: 'float32', rank: 4, rows: 8, columns: 8 },
};

async function run(graph: Graph, feeds: Record<string, TensorData>): Promise<Record<string, TensorData>> {
  const open = await onnxEngine.open(encodeGraph(graph), {});
  try {
    return Object.fromEntries(
      Object.entries(await open.run(feeds)).map(([name, data]) => [name, data.slice()]),
    );
  } finally {
    await open.close();
  }
}

const random = randomFrom(3);
const image = (width: number, height: number) =>
  Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * random()));

describe('sizes', () => {
  it('of a free network are the frame, its edge repeated to a multiple; of a fixed one its own', () => {
    const sizes = importedSizes({ input: INPUT, output: OUTPUT }, { width: 37, height: 24 });
    expect(sizes).toMatchObject({
      ...{ canvas: { width: 40, height: 24 }, picture: { width: 40, height: 24 } },
      ...{ answer: { rows: 6, columns: 10 }, grid: { rows: 6, columns: 10 } },
    });
    const fixed = importedSizes(
      { input: { ...INPUT, multiple: undefined }, output: OUTPUT },
      { width: 37, height: 25 },
    );
    expect(fixed).toMatchObject({
      ...{ canvas: { width: 40, height: 28 }, picture: { width: 32, height: 32 } },
      ...{ answer: { rows: 8, columns: 8 }, grid: { rows: 7, columns: 10 } },
    });
  });

  it('keep multiples that the grid does not divide', () => {
    const input = { ...INPUT, width: 42, height: 42, multiple: 14 };
    const output = { ...OUTPUT, rows: 3, columns: 3 };
    expect(importedSizes({ input, output }, { width: 50, height: 28 })).toMatchObject({
      ...{ canvas: { width: 56, height: 28 }, answer: { rows: 2, columns: 4 } },
    });
    expect(() => importedSizes({ input, output: { ...output, rows: 5 } }, { width: 50, height: 28 })).toThrow(
      RangeError,
    );
  });

  it('are by default those of as many pixels as the network is meant for', () => {
    expect(longestSide({ input: { ...INPUT, width: 512, height: 512 }, output: OUTPUT })).toBe(683);
  });
});

describe('the picture', () => {
  const [width, height] = [37, 24];
  const pixels = image(width, height);
  const at = (plane: number, x: number, y: number) =>
    pixels[(plane * height + y) * width + Math.min(x, width - 1)];

  it.each(['RGB', 'BGR'] as const)('is (x − mean) / deviation of %s, channels first', async (order) => {
    const input = { ...INPUT, order };
    const sizes = importedSizes({ input, output: OUTPUT }, { width, height });
    const { picture: x } = await run(pictureGraph(input, sizes), { image: pixels });
    for (const [channel, column, row] of [
      [0, 0, 0],
      [1, 36, 23],
      [2, 39, 11],
      [0, 20, 7],
    ]) {
      const plane = order === 'RGB' ? channel : 2 - channel;
      const expected = (at(plane, column, row) - input.mean[channel]) / input.deviation[channel];
      expect(x[(channel * 24 + row) * 40 + column]).toBeCloseTo(expected, 4);
    }
  });

  it('has its channels last and 8-bit values where the network wants that', async () => {
    const input = { ...INPUT, layout: 'NHWC', type: 'uint8', mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
    const sizes = importedSizes({ input, output: OUTPUT }, { width, height });
    const { picture: x } = await run(pictureGraph(input, sizes), { image: pixels });
    expect(x).toBeInstanceOf(Uint8Array);
    for (const [row, column, channel] of [
      [0, 0, 0],
      [23, 36, 1],
      [11, 39, 2],
    ])
      expect(x[(row * 40 + column) * 3 + channel]).toBe(at(channel, column, row));
  });

  it('made smaller has the means of what it covers', async () => {
    const input = {
      ...INPUT,
      multiple: undefined,
      width: 16,
      height: 16,
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    } as const;
    const big = image(64, 32);
    const sizes = importedSizes({ input, output: OUTPUT }, { width: 64, height: 32 });
    const { picture: x } = await run(pictureGraph(input, sizes), { image: big });
    let sum = 0;
    for (let row = 2; row < 4; row++)
      for (let column = 4; column < 8; column++) sum += big[row * 64 + column];
    expect(x[16 + 1]).toBeCloseTo(sum / 8, 3);
  });
});

describe('the answer', () => {
  const frame = { width: 37, height: 24 };

  it('on the grid already is handed on as it is, cropped', async () => {
    const input = { ...INPUT, multiple: 32 };
    const sizes = importedSizes({ input, output: OUTPUT }, frame);
    const scores = Float32Array.from({ length: 3 * 8 * 16 }, (_, i) => i);
    const result = await run(answerGraph(OUTPUT, sizes, 3), { answer: scores });
    expect(Object.keys(result)).toEqual(['scores']);
    expect(result.scores).toHaveLength(3 * 6 * 10);
    expect(result.scores[(2 * 6 + 5) * 10 + 9]).toBe((2 * 8 + 5) * 16 + 9);
  });

  it('with its channels last is the same', async () => {
    const sizes = importedSizes({ input: INPUT, output: OUTPUT }, frame);
    const scores = Float32Array.from({ length: 3 * 6 * 10 }, () => random());
    const last = Float32Array.from(scores, (_, i) => scores[(i % 3) * 60 + Math.floor(i / 3)]);
    const first = await run(answerGraph(OUTPUT, sizes, 3), { answer: scores });
    expect(await run(answerGraph({ ...OUTPUT, layout: 'NHWC' }, sizes, 3), { answer: last })).toEqual(first);
  });

  it.each([
    2, 3, 4,
  ])('of labels in %i dimensions is itself, and shares of classes on the grid', async (rank) => {
    const output = { ...OUTPUT, content: 'labels', type: 'int64', rank, rows: 32, columns: 32 } as const;
    const sizes = importedSizes({ input: INPUT, output }, frame);
    const labels = BigInt64Array.from({ length: 24 * 40 }, (_, i) =>
      BigInt(i % 40 < 6 ? 0 : i % 40 < 30 ? 2 : 7),
    );
    const { scores, labels: named } = await run(answerGraph(output, sizes, 3), { answer: labels });
    expect(named).toHaveLength(37 * 24);
    expect([named[5], named[6], named[29], named[30]]).toEqual([0, 2, 2, 255]);
    // Cells of 4 pixels: the second has two of class 0 and two of class 2.
    expect([0, 1, 2].map((id) => Number(scores[id * 60 + 1]) / Number(scores[0]))).toEqual([0.5, 0, 0.5]);
    expect([0, 1, 2].map((id) => scores[id * 60 + 8])).toEqual([0, 0, 0]);
  });

  it('finer than the grid has labels of its own', async () => {
    const output = { ...OUTPUT, rows: 32, columns: 32 } as const;
    const sizes = importedSizes({ input: INPUT, output }, frame);
    const scores = Float32Array.from({ length: 2 * 24 * 40 }, () => random());
    const { labels } = await run(answerGraph(output, sizes, 2), { answer: scores });
    for (const [x, y] of [
      [0, 0],
      [36, 23],
      [11, 9],
      [20, 1],
    ])
      expect(labels[y * 37 + x]).toBe(Number(scores[960 + y * 40 + x] > scores[y * 40 + x]));
  });

  it('of a foreground is a class from its threshold on', async () => {
    const output = {
      ...OUTPUT,
      content: 'foreground',
      rows: 32,
      columns: 32,
      threshold: 0.5,
      rank: 3,
    } as const;
    const sizes = importedSizes({ input: INPUT, output }, frame);
    const mask = Float32Array.from({ length: 24 * 40 }, () => random());
    const { labels, scores } = await run(answerGraph(output, sizes, 2), { answer: mask });
    expect(scores).toHaveLength(2 * 60);
    for (const i of [0, 9, 17, 36]) expect(labels[i]).toBe(Number(mask[i] > 0.5));
  });
});
