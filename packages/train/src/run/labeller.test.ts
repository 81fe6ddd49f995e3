import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { Labeller, mirrored, seenSize } from './labeller.js';

const CLASSES = 5;
const description = keyFrameNetwork('mobilenet-v1', CLASSES);
const network = { description, weights: randomWeights(description, seededRandom(3)) };
const picture = madeStill(96, 64);
const [rows, columns] = [16, 24];

/** Probabilities [classes, rows, columns] of the network's cells, by its graph alone. */
async function byHand(pixels: Uint8Array): Promise<Float32Array> {
  await using session = await GraphSession.open(inferenceGraph(description, network.weights, 64, 96));
  const scores = (await session.run({ image: pixels })).scores as Float32Array;
  const cells = rows * columns;
  const result = new Float32Array(scores.length);
  for (let i = 0; i < cells; i++) {
    const powers = Array.from({ length: CLASSES }, (_, c) => Math.exp(scores[c * cells + i]));
    const sum = powers.reduce((a, b) => a + b);
    for (const [c, power] of powers.entries()) result[c * cells + i] = power / sum;
  }
  return result;
}

/** Bilinear at a pixel, half-pixel centres, the border repeated. */
function enlarged(map: Float32Array, c: number, x: number, y: number): number {
  const tap = (at: number, extent: number) => {
    const clamped = Math.min(Math.max((at + 0.5) / 4 - 0.5, 0), extent - 1);
    const low = Math.floor(clamped);
    return { low, high: Math.min(low + 1, extent - 1), weight: clamped - low };
  };
  const [h, v] = [tap(x, columns), tap(y, rows)];
  const at = (row: number, column: number) => map[(c * rows + row) * columns + column];
  const above = at(v.low, h.low) * (1 - h.weight) + at(v.low, h.high) * h.weight;
  const below = at(v.high, h.low) * (1 - h.weight) + at(v.high, h.high) * h.weight;
  return above * (1 - v.weight) + below * v.weight;
}

function expectLabels(
  { labels, confidence }: { labels: Uint8Array; confidence: Float32Array },
  probabilities: Float32Array,
  classes: number,
) {
  for (let i = 0; i < labels.length; i += 7) {
    const [x, y] = [i % 96, Math.floor(i / 96)];
    const values = Array.from({ length: classes }, (_, c) => enlarged(probabilities, c, x, y));
    const best = Math.max(...values);
    expect(values[labels[i]]).toBeGreaterThan(best - 1e-4);
    expect(Math.abs(confidence[i] - best)).toBeLessThan(1e-4);
  }
}

describe('a labeller', () => {
  it('gives what the network’s graph gives, enlarged, with its probability', async () => {
    await using labeller = new Labeller(network, CLASSES);
    expectLabels(await labeller.label(picture, 1), await byHand(picture.pixels), CLASSES);
  });

  it('takes the mean of the picture and its mirror image', async () => {
    await using labeller = new Labeller(network, CLASSES, { mirrored: true });
    const found = await labeller.label(picture, 1);
    const [straight, flipped] = [await byHand(picture.pixels), await byHand(mirrored(picture.pixels, 96))];
    const back = Float32Array.from(mirroredFloats(flipped));
    expectLabels(
      found,
      straight.map((value, i) => (value + back[i]) / 2),
      CLASSES,
    );
    const other = await labeller.label({ ...picture, pixels: mirrored(picture.pixels, 96) }, 1);
    const differing = mirrored(other.labels, 96).filter((label, i) => label !== found.labels[i]);
    expect(differing.length / found.labels.length).toBeLessThan(0.01);
  });

  it('merges classes by adding their probabilities', async () => {
    await using labeller = new Labeller(network, CLASSES, { merged: [1, 0, 1, -1, 0] });
    const own = await byHand(picture.pixels);
    const cells = rows * columns;
    const sum = (a: number, b: number) =>
      own.subarray(a * cells, (a + 1) * cells).map((value, i) => value + own[b * cells + i]);
    const merged = new Float32Array([...sum(1, 4), ...sum(0, 2)]);
    expectLabels(await labeller.label(picture, 1), merged, 2);
  });

  it('labels pictures of any size at their own, also in memory that threads share', async () => {
    await using labeller = new Labeller(network, CLASSES);
    for (const [width, height, scale] of [
      [101, 67, 1.7],
      [96, 64, 1],
      [640, 90, 0.3],
    ] as const) {
      const { pixels } = madeStill(width, height);
      const shared = new Uint8Array(new SharedArrayBuffer(pixels.length));
      shared.set(pixels);
      const found = await labeller.label({ width, height, pixels: shared }, scale);
      expect(found).toEqual(await labeller.label({ width, height, pixels }, scale));
      expect([found.labels.length, found.confidence.length]).toEqual([width * height, width * height]);
    }
    expect(seenSize({ width: 640, height: 360 }, 2)).toEqual({ width: 1280, height: 736 });
  });
});

function* mirroredFloats(map: Float32Array): Generator<number> {
  for (let start = 0; start < map.length; start += columns)
    for (let x = columns - 1; x >= 0; x--) yield map[start + x];
}
