/** A model's networks in their thread: what they keep, warp and label is what the rooms' own functions give. */

import { warpFeatures } from '@twnet/core/motion/warp';
import { CONTEXT } from '@twnet/core/network/key-frame';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { Model } from '@twnet/node/model/model';
import { Networks } from '@twnet/node/networks/networks';
import { describe, expect, it } from 'vitest';

const [width, height] = [64, 48];

describe('Networks of a model', () => {
  const pixelsOf = (seed: number) =>
    Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * (7 + seed) + (i >> 6)) % 251);
  const field = (stride: number, vector: number) => {
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    const of = (value: number) => new Float32Array(rows * columns).fill(value);
    return { rows, columns, stride, dx: of(vector), dy: of(-vector / 2) };
  };

  it.each([1, 2, 3] as const)('go on from what they kept, warped: Layer %i', async (layer) => {
    const networks = await Networks.open(await Model.open('camvid-mobilenet-v1'), {
      width,
      height,
      layer,
      threads: 1,
    });
    const { stride, channels } = CONTEXT[layer];
    const motion = field(stride, 6);
    const cells = motion.rows * motion.columns;
    const residual = new Float32Array(3 * cells).fill(20);
    const all = { scores: true, context: true };
    try {
      const key = await networks.keyFrame(pixelsOf(0), { ...all, keep: true });
      // Neither of these is kept, so each starts from the key frame.
      const [first, again] = await Promise.all([
        networks.nonKeyFrame(pixelsOf(1), motion, residual, all),
        networks.nonKeyFrame(pixelsOf(1), motion, residual, { ...all, keep: true }),
      ]);
      expect(again.context).toEqual(first.context);
      expect(again.labels).toEqual(labelsFromScores(first.scores!, networks.classes, width, height));
      const warped = warpFeatures(key.context!, channels, motion);
      if (layer === 3) expect(first.context).toEqual(warped);
      // The next one starts from what was kept last.
      const still = field(stride, 0);
      const next = await networks.nonKeyFrame(pixelsOf(1), still, residual, all);
      if (layer === 3) expect(next.context).toEqual(warped);
      else expect(next.context).not.toEqual(again.context);
    } finally {
      await networks.close();
    }
  });

  it('say what is wrong with motion of another size', async () => {
    const networks = await Networks.open(await Model.open('camvid-mobilenet-v1'), {
      width,
      height,
      layer: 1,
      threads: 1,
    });
    await networks.keyFrame(pixelsOf(0), { keep: true });
    const wrong = networks.nonKeyFrame(pixelsOf(1), field(8, 0), undefined);
    await expect(wrong).rejects.toThrow(/6 × 8 cells for features of 12/);
    await networks.close();
  });
});
