import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { ClassAreas, labelAreas } from './class-areas.js';
import { ClassChoice } from './class-choice.js';

const NAMES = ['road', 'traffic light', 'traffic sign', 'Car', '7', 'person'];

describe('ClassChoice', () => {
  it('keeps all where none is named', () => {
    const choice = new ClassChoice(NAMES);
    expect(choice.classes.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    const labels = Uint8Array.of(0, 3, 9, 255);
    expect(choice.keep(labels)).toBe(labels);
  });

  it('takes names in any case, ids as numbers or text, and a name before an id', () => {
    const choice = new ClassChoice(NAMES, ['CAR', ' traffic light ', 5, '0', '7', 'car']);
    expect(choice.classes).toEqual([
      { id: 0, name: 'road' },
      { id: 1, name: 'traffic light' },
      { id: 3, name: 'Car' },
      { id: 4, name: '7' },
      { id: 5, name: 'person' },
    ]);
    const labels = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255);
    expect(choice.keep(labels)).toEqual(Uint8Array.of(0, 1, 255, 3, 4, 5, 255, 255));
    expect(labels[2]).toBe(2);
  });

  it.each<[string | number, RegExp]>([
    ['trafic light', /no class 'trafic light'; did you mean 'traffic light'\?; its classes are road \(0\), /],
    ['bus', /no class 'bus'; its classes are/],
    ['6', /no class '6'; its/],
    [6, /no class '6'; its/],
    [-1, /no class '-1'; its/],
    [1.5, /no class '1\.5'; its/],
    ['', /no class ''; its/],
  ])('refuses %s', (wanted, message) => {
    expect(() => new ClassChoice(NAMES, ['car', wanted], '--classes')).toThrow(InputError);
    expect(() => new ClassChoice(NAMES, ['car', wanted], '--classes')).toThrow(message);
    expect(() => new ClassChoice(NAMES, ['car', wanted], '--classes')).toThrow(/^--classes: /);
  });

  it('refuses an empty list, and what is none', () => {
    const text = 'car' as unknown as string[];
    expect(() => new ClassChoice(NAMES, text)).toThrow(/^classes: is no list; .*\['road'\]/);
    expect(() => new ClassChoice(NAMES, [])).toThrow(/^classes: none is named; the model's are road \(0\)/);
  });
});

describe('ClassAreas', () => {
  it('says how much of each class there was, and when', () => {
    const { classes } = new ClassChoice(['a', 'b', 'c'], [0, 1]);
    const areas = new ClassAreas(classes);
    expect(areas.report()[0]).toEqual({
      ...{ id: 0, name: 'a', frames: 0 },
      ...{ meanShare: null, largestShare: null, firstSeen: null, lastSeen: null },
    });
    for (const [seconds, labels] of [
      [1, [0, 0, 0, 0]],
      [1.5, [0, 2, 255, 2]],
      [4, [2, 2, 2, 0]],
    ] as const)
      areas.add(labelAreas(Uint8Array.from(labels)), 4, seconds);
    expect(areas.report()).toEqual([
      { id: 0, name: 'a', meanShare: 0.5, largestShare: 1, frames: 3, firstSeen: 1, lastSeen: 4 },
      { id: 1, name: 'b', meanShare: 0, largestShare: 0, frames: 0, firstSeen: null, lastSeen: null },
    ]);
  });
});
