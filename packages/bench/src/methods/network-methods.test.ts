import { CAMVID } from '@twnet/core/classes';
import { untrainedNetworks } from '@twnet/core/model/untrained';
import { seededRandom } from '@twnet/core/random';
import { Model, PAPER_MODEL } from '@twnet/node/model/model';
import { segmenterCard } from '@twnet/testing/made-segmenter';
import { movingTexture } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { clipStream } from './coding.js';
import { baselinesOf, perFrameAt, pointsOf, warpsAloneOf } from './network-methods.js';
import { type StreamMethod, withMethod } from './stream-method.js';

const SIZE = { width: 64, height: 48 };
const FRAMES = 4;
const points = {
  accurate: { accumulated: true },
  fast: { propagated: 'scores', divisor: 4, hidden: 8 },
} as const;
const segmenter = untrainedNetworks('efficientvit-b0', segmenterCard(points), seededRandom(1));
const still = clipStream(movingTexture(SIZE.width, SIZE.height, FRAMES, 0, 0).frames, {
  ...SIZE,
  gop: FRAMES,
  coding: { codec: 'mpeg4', quality: 1 },
});

async function labelsOf(method: StreamMethod): Promise<Uint8Array[]> {
  return withMethod(method, SIZE, async (opened) => {
    const all: Uint8Array[] = [];
    for await (const { frame, labels } of opened.labels(still)) {
      expect(frame.index).toBe(all.length);
      expect(labels.length).toBe(SIZE.width * SIZE.height);
      all.push(labels);
    }
    expect(all).toHaveLength(FRAMES);
    return all;
  });
}

describe('ways of a lateral model', () => {
  it('are its layers, each beside its warp alone, and all baselines', async () => {
    const model = await Model.open(PAPER_MODEL);
    expect(pointsOf(model).map(({ name, uncorrected }) => [name, uncorrected])).toEqual([
      ['Layer 1', 'warp alone, Layer 1'],
      ['Layer 2', 'warp alone, Layer 2'],
      ['Layer 3', undefined],
    ]);
    expect(warpsAloneOf(model).map(({ name }) => name)).toEqual([
      'warp alone, Layer 1',
      'warp alone, Layer 2',
    ]);
    expect(baselinesOf(model).map(({ name }) => name)).toEqual(['Prop-mv', 'Interp-mv', 'DFF', 'TapLab']);
    expect(perFrameAt(model, 0.5)).toMatchObject({
      name: 'per frame at 0.5',
      model: model.card.name,
      scale: 0.5,
    });
  });
});

describe('ways of a segmenter', () => {
  const settings = { threads: 1 };

  it('are its operating points, each beside its warp alone', () => {
    expect(pointsOf(segmenter).map(({ name, uncorrected }) => [name, uncorrected])).toEqual([
      ['accurate', 'warp alone, accurate'],
      ['fast', 'warp alone, fast'],
    ]);
    expect(baselinesOf(segmenter).map(({ name }) => name)).toEqual(['Prop-mv', 'Interp-mv', 'TapLab']);
    const untrained = untrainedNetworks('efficientvit-b0', segmenterCard(), seededRandom(1));
    expect(pointsOf(untrained).map(({ name, uncorrected }) => [name, uncorrected])).toEqual([
      ['accurate', undefined],
      ['fast', undefined],
    ]);
    expect(warpsAloneOf(untrained).map(({ name }) => name)).toEqual(['warp alone']);
  });

  it('start from the same key frame, and warp a still picture to itself', async () => {
    const perFrame = await labelsOf(perFrameAt(segmenter, 1, settings));
    expect(new Set(perFrame[0]).size).toBeGreaterThan(1);
    for (const label of perFrame[0]) expect(label).toBeLessThan(CAMVID.classes.length);
    for (const method of pointsOf(segmenter, settings))
      expect((await labelsOf(method))[0]).toEqual(perFrame[0]);
    for (const method of warpsAloneOf(segmenter, settings))
      for (const labels of await labelsOf(method)) expect(labels).toEqual(perFrame[0]);
    const [propMv] = baselinesOf(segmenter, settings);
    const propagated = await labelsOf(propMv);
    for (const labels of propagated) expect(labels).toEqual(propagated[0]);
  });

  it('have labels of the stream’s size at any scale', async () => {
    for (const scale of [0.4, 0.8]) await labelsOf(perFrameAt(segmenter, scale, settings));
  });
});
