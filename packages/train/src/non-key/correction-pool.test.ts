import { residualMap } from '@twnet/core/motion/residual-map';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpField } from '@twnet/core/motion/warp-field';
import { warpMatrix } from '@twnet/core/motion/warp-matrix';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { makeStillClip } from '../data/still-clip.js';
import type { TrainingClip } from '../data/training-clip.js';
import { ContextTeacher } from './context-teacher.js';
import { CorrectionPool } from './correction-pool.js';

const size = { height: 64, width: 64 };
const options = {
  batch: 2,
  pool: 3,
  unroll: 2,
  seed: 7,
  window: { rows: 5, columns: 8 },
  stride: 8 as const,
  ...size,
};
const still = madeStill(64, 64, 1);

const meanOf = (pixels: Uint8Array): number => Math.fround(pixels.reduce((a, b) => a + b) / pixels.length);

async function withPool<T>(
  use: (pool: CorrectionPool, made: number[], teacher: ContextTeacher) => Promise<T>,
  window = options.window,
): Promise<T> {
  const key = keyFrameNetwork('mobilenet-v1', 11);
  const description = { ...key, outputs: { context: key.outputs.context2 } };
  const teacher = await ContextTeacher.open(
    { description, weights: randomWeights(key, seededRandom(2)) },
    2,
    size,
  );
  const made: number[] = [];
  const clip = async (index: number): Promise<TrainingClip> => {
    made.push(index);
    return makeStillClip([still], index, { seed: 5, length: 4 });
  };
  // The mean brightness stands in for the spatial features: the pool only stores, cuts and joins what it is given.
  const spatial = async (pixels: Uint8Array) => new Float32Array(64).fill(meanOf(pixels));
  try {
    return await use(new CorrectionPool(clip, teacher, spatial, { ...options, window }), made, teacher);
  } finally {
    await teacher.close();
  }
}

describe('CorrectionPool', () => {
  it('feeds a window of consecutive frames of each chosen clip', async () => {
    await withPool(async (pool) => {
      const feeds = await pool.batch(0);
      expect(Object.keys(feeds).sort()).toEqual(
        [
          'warped.0',
          'motion.1',
          ...[0, 1].flatMap((t) => ['residual', 'spatial', 'target'].map((n) => `${n}.${t}`)),
        ].sort(),
      );
      const means = (index: number) =>
        makeStillClip([still], index, { seed: 5, length: 4 }).frames.map(({ pixels }) => meanOf(pixels));
      const clips = [0, 1, 2].map(means);
      for (let place = 0; place < 2; place++) {
        const window = [feeds['spatial.0'][place * 40], feeds['spatial.1'][place * 40]];
        const found = clips.some((frames) =>
          [1, 2].some((t) => frames[t] === window[0] && frames[t + 1] === window[1]),
        );
        expect(found).toBe(true);
      }
      // Windows of 5 × 8 cells of the grid's 8 × 8: the matrix of the warp.
      expect(feeds['motion.1']).toHaveLength(2 * 40 * 40);
    });
  });

  it('has motion, residual and warp of each frame against the one before it', async () => {
    await withPool(
      async (pool, _made, teacher) => {
        const feeds = await pool.batch(0);
        const clips = [0, 1, 2].map((index) => makeStillClip([still], index, { seed: 5, length: 4 }).frames);
        for (const [place, t] of [0, 1].flatMap((place) => [0, 1].map((t) => [place, t]))) {
          const part = (name: string) => {
            const all = feeds[`${name}.${t}`] as Float32Array;
            return all.slice((place * all.length) / 2, ((place + 1) * all.length) / 2);
          };
          const shown = ({ pixels }: { pixels: Uint8Array }) => meanOf(pixels) === part('spatial')[0];
          const clip = clips.find((frames) => frames.slice(1).some(shown))!;
          const at = clip.findIndex(shown);
          const [before, { pixels, motion }] = [clip[at - 1], clip[at]];
          const field = warpField(motion, 64, 64, 8);
          expect(part('residual')).toEqual(residualMap(pixels, before.pixels, motion, 64, 64, 8).data);
          if (t === 1) expect(part('motion')).toEqual(warpMatrix(field));
          else {
            const context = await teacher.context(before.pixels);
            expect(part('warped')).toEqual(warpFeatures(context, teacher.shape[1], field));
          }
        }
      },
      { rows: 8, columns: 8 },
    );
  });

  it('gives a step the same feeds, also when it starts there', async () => {
    const steps = [0, 3, 4, 9];
    const walked = await withPool(async (pool) => {
      const all = [];
      for (const step of steps) all.push(await pool.batch(step));
      return all;
    });
    const resumed = await withPool(async (pool) => pool.batch(9));
    expect(resumed).toEqual(walked[3]);
  });

  it('lets one clip go for a fresh one every fourth step', async () => {
    await withPool(async (pool, made) => {
      for (let step = 0; step < 9; step++) await pool.batch(step);
      expect(made).toEqual([0, 1, 2, 3, 4]);
    });
  });
});
