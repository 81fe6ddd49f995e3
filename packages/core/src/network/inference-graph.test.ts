import { GraphSession } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import { expect, it } from 'vitest';
import { sizeOf } from '../graph/graph.js';
import type { TensorData } from '../runtime/engine.js';
import { inferenceGraph, runGraph } from './inference-graph.js';

const [height, width] = [70, 101];

it.each([1, 2, 3] as const)('what runs here gives what is exported: Layer %i', async (layer) => {
  const network = await (await Model.open('camvid-mobilenet-v1')).nonKeyFrame(layer);
  const exported = inferenceGraph(network.description, network.weights, height, width);
  const running = runGraph(network, height, width);
  const feeds: Record<string, TensorData> = {};
  for (const { name, shape, type } of exported.inputs) {
    const values = Array.from({ length: sizeOf(shape) }, (_, i) => (i * 37 + (i >> 5) * 11) % 251);
    feeds[name] = type === 'uint8' ? Uint8Array.from(values) : Float32Array.from(values, (v) => v / 100 - 1);
  }
  const results = [];
  for (const graph of [exported, running]) {
    const session = await GraphSession.open(graph, { threads: 1 });
    results.push(await session.run(feeds));
    await session.close();
  }
  const [expected, actual] = results;
  expect(Object.keys(actual)).toEqual(
    Object.keys(expected).filter((name) => layer !== 3 || name !== 'context'),
  );
  for (const [name, values] of Object.entries(actual)) {
    const largest = (expected[name] as Float32Array).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    (values as Float32Array).forEach((v, i) => {
      expect(Math.abs(v - Number(expected[name][i]))).toBeLessThan(1e-5 * largest);
    });
  }
});
