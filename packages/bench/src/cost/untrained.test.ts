import { untrainedNetworks } from '@twnet/core/model/untrained';
import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import { CONTEXT } from '@twnet/core/network/key-frame';
import { Model } from '@twnet/node/model/model';
import { Networks } from '@twnet/node/networks/networks';
import { describe, expect, it } from 'vitest';
import { operatorTimes } from './operator-times.js';

const [width, height] = [64, 48];

function numbers(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('untrainedNetworks', () => {
  it.each(BACKBONE_NAMES)('opens %s without a model', async (backbone) => {
    const { card } = await Model.open('camvid-mobilenet-v1');
    const source = untrainedNetworks(backbone, card, numbers());
    const networks = await Networks.open(source, { width, height, layer: 2, threads: 1 });
    try {
      const pixels = new Uint8Array(3 * width * height).fill(100);
      const all = { keep: true, scores: true, context: true };
      const key = await networks.keyFrame(pixels, all);
      expect(key.scores).toHaveLength(card.classes.length * 12 * 16);
      expect(key.context).toHaveLength(CONTEXT[2].channels * 6 * 8);
      const still = { rows: 6, columns: 8, stride: 8, dx: new Float32Array(48), dy: new Float32Array(48) };
      const next = await networks.nonKeyFrame(pixels, still, new Float32Array(3 * 6 * 8), all);
      expect(next.attention).toHaveLength(6 * 8);
      for (const score of next.scores!) expect(Number.isFinite(score)).toBe(true);
    } finally {
      await networks.close();
    }
  });
});

describe('Networks', () => {
  it('of the per-frame network give the same scores and no context', async () => {
    const model = await Model.open('camvid-mobilenet-v1');
    const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => i % 251);
    const results = [];
    for (const perFrame of [true, false]) {
      const networks = await Networks.open(model, { width, height, perFrame, threads: 1 });
      results.push(await networks.keyFrame(pixels, { scores: true, context: true }));
      await networks.close();
    }
    expect(results[0].scores).toEqual(results[1].scores);
    expect(results[0].labels).toEqual(results[1].labels);
    expect(results[0].context).toBeUndefined();
    expect(results[1].context).toHaveLength(CONTEXT[1].channels * 3 * 4);
  });
});

describe('operatorTimes', () => {
  it('names every operator of a run once', async () => {
    const network = (await Model.open('camvid-mobilenet-v1')).keyFrame();
    const times = await operatorTimes(network, { width, height, threads: 1, runs: 2, random: numbers() });
    const names = times.map(({ operator }) => operator);
    expect(new Set(names).size).toBe(names.length);
    expect(times.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const convolutions = times.filter(({ operator }) => /Conv/.test(operator));
    // The graph's convolutions, whatever they are fused with, once a run.
    const expected = network.description.layers.filter(({ kind }) => kind === 'convolution').length;
    expect(convolutions.reduce((sum, { calls }) => sum + calls, 0)).toBe(expected);
  });
});
