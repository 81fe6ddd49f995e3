import { CITYSCAPES } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { describe, expect, it } from 'vitest';
import { knownClasses, parseClasses, unnamedClasses } from './class-file.js';

const parse = (value: unknown) => parseClasses(JSON.stringify(value), 'classes.json');

describe('classes', () => {
  it.each([
    ['a list of names', ['road', 'sky']],
    ['a list of objects', [{ name: 'road' }, { name: 'sky', color: '#000080' }]],
    [
      'a list of objects by their ids',
      [
        { id: 1, name: 'sky' },
        { id: 0, name: 'road' },
      ],
    ],
    ['an object from ids', { 1: 'sky', 0: 'road' }],
    ["a Hugging Face network's config", { id2label: { 0: 'road', 1: 'sky' }, model_type: 'segformer' }],
    ['an object with a list', { classes: ['road', 'sky'] }],
  ])('come as %s', (_kind, value) => {
    expect(parse(value).names).toEqual(['road', 'sky']);
  });

  it("have their own colours, or a known table's, or PASCAL VOC's", () => {
    expect(
      parse([
        { name: 'a', color: [1, 2, 3] },
        { name: 'b', colour: '#0A0b0C' },
      ]).palette,
    ).toEqual([
      [1, 2, 3],
      [10, 11, 12],
    ]);
    expect(parse(CITYSCAPES.classes).palette).toEqual(CITYSCAPES.palette);
    // As VOCdevkit's labelcolormap has them; black is the background alone.
    expect(parse(['background', 'aeroplane', 'bicycle', 'bird']).palette).toEqual([
      ...[
        [0, 0, 0],
        [128, 0, 0],
        [0, 128, 0],
        [128, 128, 0],
      ],
    ]);
    expect(parse(['wall', 'sky']).palette).toEqual([
      [128, 0, 0],
      [0, 128, 0],
    ]);
    const all = unnamedClasses(255).palette.map(String);
    expect(new Set(all).size).toBe(255);
  });

  it('are known by the name of their data set', () => {
    expect(knownClasses('cityscapes')?.names).toEqual(CITYSCAPES.classes);
    expect(knownClasses('toString')).toBeUndefined();
  });

  it.each([
    ['of which there is one', ['road'], /has 1 classes; there must be 2 to 255/],
    ['of which there are too many', Array.from({ length: 256 }, (_, i) => `c${i}`), /has 256 classes/],
    ['with one twice', ['road', 'road'], /has the class "road" twice/],
    ['with ids left out', { 0: 'road', 2: 'sky' }, /class 1 has no name/],
    ['without a name', ['road', ''], /class 1 has no name/],
    ['with control characters', ['road', 'sky\u001b[2J'], /"sky\\u001b\[2J" is no name for a class/],
    ['that are numbers', [1, 2], /holds no classes; they are a list of names/],
    ['that are text', 'road', /holds no classes/],
    ['by what are no ids', { a: 'road' }, /holds no classes/],
    ['with ids of their own beyond what labels hold', [{ id: 1e9, name: 'sky' }], /holds no classes/],
  ])('are refused %s', (_what, value, reason) => {
    expect(() => parse(value)).toThrow(reason);
    expect(() => parse(value)).toThrow(InputError);
  });

  it('are refused that are no JSON', () => {
    expect(() => parseClasses('road\nsky', 'classes.txt')).toThrow(/^classes.txt: is not JSON; classes are/);
  });
});
