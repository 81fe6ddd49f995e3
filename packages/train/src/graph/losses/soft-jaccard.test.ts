import { Graph } from '@twnet/core/graph/graph';
import { GraphSession } from '@twnet/node/engine/session';
import { expect, it } from 'vitest';
import { Tape } from '../tape.js';
import { softJaccard } from './soft-jaccard.js';

const CERTAIN = 40;

/** The loss of predictions that are certain: `predicted` and `labels` are class ids, one a pixel. */
async function lossOf(predicted: readonly number[], labels: readonly number[], classes = 3): Promise<number> {
  const graph = new Graph();
  const count = labels.length;
  const scores = graph.input('scores', [1, classes, 1, count]);
  const inputs = [scores, graph.input('labels', [1, 1, count], 'uint8'), graph.input('weights', [256])];
  graph.output('loss', new Tape(graph).apply(softJaccard, inputs, undefined));
  const session = await GraphSession.open(graph, { threads: 1 });
  const { loss } = await session.run({
    scores: Float32Array.from({ length: classes * count }, (_, i) =>
      predicted[i % count] === Math.floor(i / count) ? CERTAIN : 0,
    ),
    labels: Uint8Array.from(labels),
    weights: new Float32Array(256).fill(0.3, 0, classes),
  });
  await session.close();
  return Number(loss[0]);
}

it('is one minus the mean IoU of the classes in the labels, where predictions are certain', async () => {
  // Class 0: 2 of 3; class 1: 1 of 3; class 2 occurs in no label, its prediction counts against class 1 alone.
  expect(await lossOf([0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 255])).toBeCloseTo(1 - (2 / 3 + 1 / 3) / 2, 5);
  expect(await lossOf([0, 1, 2], [0, 1, 2])).toBeCloseTo(0, 5);
});

it('of a batch without a valid pixel is finite', async () => {
  expect(await lossOf([0, 1], [255, 255])).toBe(1);
});
