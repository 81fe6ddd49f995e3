/** Step 1 of a segmenter, from a model of it: what ships lies on the way that was asked for, and says what it is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { Model } from '@twnet/node/model/model';
import { keyConfigSchema } from '@twnet/train/config/config';
import { trainKey } from '@twnet/train/key/train-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyCamVid } from './tiny-camvid.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-segmenter-'));
  await writeTinyCamVid(at('camvid'), 32);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OWN = { architecture: 'segmenter', size: { height: 32, width: 32 }, batch: 2, steps: 1, holdOut: 0 };
const progress = { step: () => {}, begin: () => {}, note: () => {} };

async function train(name: string, own: object, from?: string): Promise<Model> {
  const config = keyConfigSchema.parse({ ...OWN, freezeNormAfter: 0, validateEvery: 0, ...own });
  const places = { data: at('camvid'), out: at(name), ...(from ? { from: at(from, 'model') } : {}) };
  await trainKey({ config, ...places, resume: false, threads: 2, progress });
  return Model.open(at(name, 'model'));
}

const weight = (model: Model) => model.keyFrame().weights.get('head.wide.weight')!.data;

describe('step 1 of a segmenter', () => {
  it('ships weights at the share of the way that is asked for, with losses on every second pixel', async () => {
    const start = await train('start', {});
    expect(start.card).toMatchObject({
      ...{ architecture: 'segmenter', backbone: 'efficientvit-b0', normalisation: 'imagenet' },
      classes: CAMVID.classes,
    });
    const rate = { learningRate: 0.02, schedule: { warmup: 0 }, labelStride: 2 };
    const whole = weight(await train('whole', rate, 'start'));
    const half = weight(await train('half', { ...rate, interpolation: 0.5 }, 'start'));
    const [from, most] = [weight(start), Math.max(...whole.map((x, i) => Math.abs(x - weight(start)[i])))];
    expect(most).toBeGreaterThan(0.01);
    // The weights are stored with 11 bits.
    for (const [i, value] of half.entries()) expect(value).toBeCloseTo((from[i] + whole[i]) / 2, 2);
  });
});
