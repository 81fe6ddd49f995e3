import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../run/loop.js';
import { keyConfigSchema, nonKeyConfigSchema } from './config.js';
import { resolveConfig } from './presets.js';

describe('resolveConfig', () => {
  it("gives the paper's rules of step 1", () => {
    const config = resolveConfig('key', { preset: 'paper' }, 'options');
    expect(config).toMatchObject({
      batch: 8,
      steps: 90_000,
      weightDecay: 1e-7,
      size: { height: 600, width: 600 },
      augmentation: { scale: [0.5, 2], flip: true, light: 0 },
      classWeights: 'none',
    });
    expect(learningRateAt(0, config)).toBe(1e-2);
    expect(config.encoderRateFactor * 100).toBeCloseTo(1, 10);
  });

  it("gives the paper's rules of step 2", () => {
    expect(resolveConfig('nonkey', { preset: 'paper' }, 'options')).toMatchObject({
      batch: 4,
      size: { height: 720, width: 960 },
      consistencyWeight: 10,
      data: { street: 0, sequences: 1 },
      clipLength: 2,
      unroll: 1,
      correction: { steps: 0 },
    });
  });

  it("lays one's own keys over a preset, key by key", () => {
    const config = resolveConfig('key', { preset: 'paper', schedule: { kind: 'poly' }, batch: 2 }, 'options');
    expect(config.schedule).toEqual({ kind: 'poly', power: 0.9, warmup: 0 });
    expect([config.batch, config.steps]).toEqual([2, 90_000]);
  });

  it('is the defaults without a preset, and takes what it printed', () => {
    expect(resolveConfig('key', {}, '')).toEqual(keyConfigSchema.parse({}));
    const whole = resolveConfig('nonkey', { preset: 'default' }, '');
    expect(whole).toEqual(nonKeyConfigSchema.parse({}));
    expect(resolveConfig('nonkey', JSON.parse(JSON.stringify(whole)), '')).toEqual(whole);
  });

  it('names a preset that does not exist', () => {
    expect(() => resolveConfig('key', { preset: 'papr' }, 'run.json')).toThrow(
      'run.json: preset: "papr" is not one of default, paper; did you mean "paper"?',
    );
    expect(() => resolveConfig('key', [], 'run.json')).toThrow(/object of keys/);
  });
});
