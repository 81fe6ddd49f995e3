import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { tailRankOf } from '@twnet/core/model/model-card';
import { RESIDUAL_SCALE } from '@twnet/core/network/non-key-frame';
import { Model } from '@twnet/node/model/model';
import { nonKeyConfigSchema } from '@twnet/train/config/config';
import { keyStart } from '@twnet/train/key/key-start';
import { nonKeyStart } from '@twnet/train/non-key/non-key-training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';

const config = { architecture: 'lateral', backbone: 'mobilenet-v1', seed: 4 } as const;

const FIVE = ['a', 'b', 'c', 'd', 'e'];

describe('the start of step 1', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twnet-start-'));
    await writeRandomModel(folder, 'mobilenet-v1');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('from a model of the same classes is that model', async () => {
    const { weights, origin, notes } = await keyStart({ config, from: folder });
    const start = weights(CAMVID.classes);
    for (const [name, { data }] of (await Model.open(folder)).keyFrame(1).weights)
      expect(start.get(name)!.data, name).toEqual(data);
    expect(origin).toBe('random (random numbers)');
    expect(notes).toEqual(['starting from the key-frame network of random, 11 classes']);
  });

  it('from a model of other classes keeps all but the classifier', async () => {
    const start = (await keyStart({ config, from: folder })).weights(FIVE);
    const fresh = (await keyStart({ config })).weights(FIVE);
    const model = (await Model.open(folder)).keyFrame(1).weights;
    const taken = [...start].filter(([name, { data }]) =>
      model.get(name)?.data.every((x, i) => x === data[i]),
    );
    const rest = [...start.keys()].filter((name) => !taken.some(([each]) => each === name));
    expect(rest.length).toBeGreaterThan(0);
    for (const name of rest) {
      expect(start.get(name)!.shape[0], name).toBe(5);
      expect(start.get(name), name).toEqual(fresh.get(name));
    }
  });

  it('refuses a model of another backbone, and two starts', async () => {
    const other = { ...config, backbone: 'mobilenet-v2' } as const;
    await expect(keyStart({ config: other, from: folder })).rejects.toThrow(
      /its backbone is mobilenet-v1, not mobilenet-v2/,
    );
    const both = keyStart({ config, from: folder, encoder: 'encoder.safetensors' });
    await expect(both).rejects.toThrow(InputError);
  });
});

describe('the start of step 2', () => {
  const parsed = nonKeyConfigSchema.parse({
    backbone: config.backbone,
    seed: config.seed,
    size: { height: 64, width: 96 },
  });

  it('from a network of the same modules is that network', async () => {
    const model = await Model.open('camvid-mobilenet-v1');
    const { weights } = await model.nonKeyFrame(1);
    const tailRank = tailRankOf(model.card, 1) ?? 0;
    const start = nonKeyStart({ ...parsed, tailRank }, model, Math.random, weights);
    for (const [name, { data }] of start) expect(data, name).toEqual(weights.get(name)!.data);
  });

  it('has an attention that opens with the residual', async () => {
    const start = nonKeyStart(parsed, await Model.open('camvid-mobilenet-v1'), Math.random);
    const weights = start.get('attention.weight')!.data;
    const [bias] = start.get('attention.bias')!.data;
    const attention = (greyLevels: number): number => {
      const input = weights.reduce((sum, w) => sum + w * greyLevels * RESIDUAL_SCALE, bias);
      return 1 / (1 + Math.exp(-input));
    };
    expect(attention(0)).toBeCloseTo(0.12, 2);
    expect(attention(16)).toBeCloseTo(0.73, 2);
  });

  it('from a network without correction has its layers, and a rectification that changes nothing', async () => {
    const model = await Model.open('camvid-mobilenet-v1');
    const { weights } = await model.nonKeyFrame(1);
    const plain = new Map([...weights].filter(([name]) => !/^(cfr|attention)\./.test(name)));
    const tailRank = tailRankOf(model.card, 1) ?? 0;
    const start = nonKeyStart({ ...parsed, tailRank }, model, Math.random, plain);
    for (const [name, { data }] of plain) expect(start.get(name)!.data, name).toEqual(data);
    expect(start.get('cfr.weight')!.data.every((v) => v === 0)).toBe(true);
  });
});
