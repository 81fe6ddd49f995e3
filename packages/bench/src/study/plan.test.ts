import type { Model } from '@twnet/node/model/model';
import { describe, expect, it } from 'vitest';
import { clipTaskId } from './clip-score.js';
import { FINE_TUNED, FULL, WITH_CFR } from './paper.js';
import { clipTasks, framesOf, type StudySources } from './plan.js';
import { Study } from './study.js';
import type { StudyClip } from './study-clip.js';
import type { StudyModel } from './study-model.js';

const clip: StudyClip = {
  name: 'clip',
  about: 'a clip',
  classes: undefined,
  digest: 'c0',
  width: 64,
  height: 48,
  frames: 10,
  options: '',
  load: () => Promise.reject(new Error('not read here')),
};

interface Trained {
  readonly cfr: boolean;
  readonly rga: boolean;
  readonly weight?: number;
}

function modelOf(name: string, keyDigest: string, layers: Readonly<Record<number, Trained>>): StudyModel {
  const entry = (layer: number) => {
    const trained = layers[layer];
    const { cfr, rga, weight } = trained ?? {};
    return trained && { weights: 'w', correction: { cfr, rga }, training: { consistencyWeight: weight } };
  };
  const networks = { key: { weights: 'key' }, layer1: entry(1), layer2: entry(2) };
  const card = {
    name,
    backbone: 'mobilenet-v1',
    classes: ['a', 'b'],
    networks,
  } as unknown as StudyModel['card'];
  return { name, folder: name, model: {} as Model, card, digest: `d-${name}`, keyDigest };
}

const full = modelOf('full', 'k0', { 1: { cfr: true, rga: true, weight: 10 }, 2: { cfr: true, rga: true } });
const tuned = modelOf('tuned', 'k0', { 1: { cfr: false, rga: false } });
const cfr20 = modelOf('cfr-20', 'k0', { 1: { cfr: true, rga: false, weight: 20 } });
const other = modelOf('other', 'k1', { 1: { cfr: true, rga: false, weight: 10 } });
const protocol = { gop: 4, starts: 3 };
const sources: StudySources = {
  models: [full, tuned, cfr20, other],
  variants: [full, tuned, cfr20, other],
  clips: [clip],
  motions: ['codec', 'matching'],
  protocol,
};

describe('the plan of a study', () => {
  const tasks = clipTasks(sources);
  const of = (method: string, model: StudyModel) =>
    tasks.filter((task) => task.method === method && task.model === model);

  it('measures what only the key-frame network decides once for all models that share it', () => {
    expect(of('per-frame', full)).toHaveLength(1);
    expect(of('per-frame', tuned)).toHaveLength(0);
    expect(of('per-frame', other)).toHaveLength(1);
    expect(of('warp-alone', full).map(({ layer, motion }) => `${layer} ${motion}`)).toEqual([
      '1 codec',
      '2 codec',
      '3 codec',
      '1 matching',
    ]);
  });

  it('measures every trained layer of every model, and baselines of the first', () => {
    expect(of('twnet', full).map(({ layer, motion }) => `${layer} ${motion}`)).toEqual([
      '1 codec',
      '2 codec',
      '1 matching',
    ]);
    expect(of('twnet', tuned)).toHaveLength(1);
    for (const method of ['prop-mv', 'interp-mv', 'dff', 'taplab']) {
      expect(of(method, full)).toHaveLength(1);
      expect(of(method, other)).toHaveLength(0);
    }
  });

  it('keeps each under a name of its own, and another under another protocol', () => {
    const ids = tasks.map((task) => clipTaskId(task, protocol));
    expect(new Set(ids).size).toBe(tasks.length);
    expect(clipTaskId(tasks[0], { gop: 4, starts: 1 })).not.toBe(ids[0]);
  });

  it('measures variants and their key-frame network beside the models', () => {
    const apart = clipTasks({ ...sources, models: [other], variants: [full, tuned] });
    const names = (method: string) =>
      apart
        .filter((task) => task.method === method && task.motion === 'codec')
        .map(({ model }) => model.name);
    expect(names('twnet')).toEqual(['other', 'full', 'full', 'tuned']);
    expect(names('per-frame')).toEqual(['other', 'full']);
    expect(names('dff')).toEqual(['other']);
  });

  it('counts the frames of streams that begin at several frames', () => {
    expect(framesOf(tasks[0], protocol)).toBe(10 + 9 + 8);
  });

  it('leaves out models whose classes are not the clip’s', () => {
    const streets = { ...clip, classes: ['road'] };
    expect(clipTasks({ ...sources, clips: [streets] })).toEqual([]);
  });
});

describe('the rows of the paper’s tables', () => {
  const study = new Study({
    models: sources.models,
    variants: sources.variants,
    clips: [clip],
    protocol,
    motions: ['codec'],
    scores: new Map(),
    stills: new Map(),
    speed: [],
    speedSizes: [],
  });

  it('are filled by models on the same key-frame network with those modules', () => {
    expect(study.modelWith(1, FINE_TUNED)).toBe(tuned);
    expect(study.modelWith(1, FULL)).toBe(full);
    expect(study.modelWith(2, FULL)).toBe(full);
    // `other` has them, but on another key-frame network.
    expect(study.modelWith(1, WITH_CFR)).toBeUndefined();
    expect(study.modelWith(1, WITH_CFR, 20)).toBe(cfr20);
    expect(study.modelWith(2, FINE_TUNED)).toBeUndefined();
  });

  it('are filled by the model that the report is about whatever its λ1 is', () => {
    const own = new Study({ ...study.contents, models: [cfr20], variants: [cfr20, full] });
    expect(own.modelWith(1, WITH_CFR)).toBe(cfr20);
    expect(own.modelWith(1, WITH_CFR, 10)).toBeUndefined();
  });
});
