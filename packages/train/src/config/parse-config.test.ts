import { InputError } from '@twnet/core/errors';
import { nearest } from '@twnet/core/options/nearest';
import { describe, expect, it } from 'vitest';
import { keyConfigSchema, nonKeyConfigSchema } from './config.js';
import { mergeConfig, parseConfig } from './parse-config.js';

const fault = (
  value: unknown,
  schema: typeof keyConfigSchema | typeof nonKeyConfigSchema = keyConfigSchema,
) => {
  try {
    parseConfig<unknown>(schema, value, 'run.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  throw new Error('was taken');
};

describe('parseConfig', () => {
  it.each([
    [
      { stepz: 3 },
      /^run\.json: stepz: there is no such key; did you mean steps\?; the keys are backbone, .*steps/,
    ],
    [
      { schedule: { knd: 'poly' } },
      /schedule\.knd: .*did you mean schedule\.kind\?; the keys of schedule are kind, power, warmup/,
    ],
    // Known, but at another level.
    [{ power: 1 }, /power: there is no such key; did you mean schedule\.power\?/],
    [{ xyzzy: 1 }, /xyzzy: there is no such key; the keys are/],
    [
      { schedule: { kind: 'pole' } },
      /schedule\.kind: "pole" is not allowed; must be one of "poly", "constant"; did you mean "poly"\?/,
    ],
    [{ steps: 'many' }, /steps: "many" is not allowed; must be a number/],
    [{ steps: 2.5 }, /steps: 2\.5 is not allowed; must be a whole number/],
    [{ learningRate: 0 }, /learningRate: 0 is not allowed; must be more than 0/],
    [{ holdOut: 0.9 }, /holdOut: 0\.9 is not allowed; must be at most 0\.5/],
    [{ size: { height: 20, width: 64 } }, /size\.height: 20 is not allowed; must be at least 32/],
    [{ ema: 1 }, /ema: 1 is not allowed; must be less than 1/],
    [{ size: 480 }, /size: 480 is not allowed; must be an object of keys/],
    [{ schedule: { kind: 3 } }, /schedule\.kind: 3 is not allowed; must be one of "poly", "constant"/],
    [
      { data: { street: 0.9, sequences: 0.2 } },
      /data\.sequences: 0\.2 is not allowed; must be at most 1 together with data\.street/,
    ],
    [[1, 2], /must hold an object of keys/],
    [null, /must hold an object of keys/],
  ])('%j', (value, message) => {
    expect(fault(value)).toMatch(message);
  });

  it('names what two keys may not be together', () => {
    expect(fault({ layer: 4 }, nonKeyConfigSchema)).toMatch(/layer: 4 is not allowed; must be one of 1, 2/);
    expect(fault({ cfr: 'yes' }, nonKeyConfigSchema)).toMatch(
      /cfr: "yes" is not allowed; must be true or false/,
    );
    expect(fault({ unroll: 12, clipLength: 12 }, nonKeyConfigSchema)).toMatch(
      /unroll: 12 .*smaller than clipLength/,
    );
  });

  it('interpolates only what one training changes', () => {
    expect(fault({ interpolation: 0.5 }, nonKeyConfigSchema)).toMatch(
      /interpolation: .*correction\.steps to 0/,
    );
    const alone = { interpolation: 0.5, correction: { steps: 0 } };
    expect(parseConfig(nonKeyConfigSchema, alone, '').interpolation).toBe(0.5);
  });

  it('fills in the defaults', () => {
    expect(parseConfig(keyConfigSchema, { schedule: { kind: 'constant' } }, '').schedule).toEqual({
      kind: 'constant',
      power: 0.9,
      warmup: 100,
    });
  });
});

it('lays one configuration over another', () => {
  expect(mergeConfig({ a: 1, b: { c: 2, d: [3] } }, { b: { d: [4, 5] }, e: 6 })).toEqual({
    a: 1,
    b: { c: 2, d: [4, 5] },
    e: 6,
  });
});

it('finds the nearest word, none where all are far', () => {
  expect(nearest('learningrate', ['steps', 'learningRate'])).toBe('learningRate');
  expect(nearest('consistencyWieght', ['consistencyWeight', 'classWeights'])).toBe('consistencyWeight');
  expect(nearest('foo', ['steps', 'learningRate'])).toBeUndefined();
});
