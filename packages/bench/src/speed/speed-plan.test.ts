import { describe, expect, it } from 'vitest';
import { configurations, framesOfRun, roundOrder, type SpeedPlan } from './speed-plan.js';

const PLAN: SpeedPlan = {
  backbones: ['mobilenet-v1', 'resnet-18'],
  models: [],
  layers: [1, 3],
  sizes: [
    { width: 64, height: 48 },
    { width: 96, height: 64 },
  ],
  gop: 12,
  rounds: 2,
  frames: 20,
};

describe('configurations', () => {
  it('puts each per-frame network with what is compared with it', () => {
    const groups = configurations(PLAN);
    expect(groups).toHaveLength(4);
    for (const group of groups) {
      expect(group.map(({ layer }) => layer)).toEqual(['per-frame', 1, 3]);
      const alike = group.map(({ backbone, width }) => `${backbone} ${width}`);
      expect(new Set(alike).size).toBe(1);
    }
    expect(groups[1][0]).toEqual({ backbone: 'resnet-18', layer: 'per-frame', width: 64, height: 48 });
  });
});

describe('roundOrder', () => {
  const groups = [['a0', 'a1', 'a2'], ['b0', 'b1', 'b2'], ['c0', 'c1', 'c2'], ['d0']];

  it('begins with another group and another member each round', () => {
    expect(roundOrder(groups, 0).join(' ')).toBe('a0 a1 a2 b0 b1 b2 c0 c1 c2 d0');
    expect(roundOrder(groups, 1).join(' ')).toBe('b1 b2 b0 c1 c2 c0 d0 a1 a2 a0');
    expect(roundOrder(groups, 5).join(' ')).toBe('b2 b0 b1 c2 c0 c1 d0 a2 a0 a1');
  });

  it('has everything once in every round, groups together', () => {
    for (let round = 0; round < 12; round++) {
      const order = roundOrder(groups, round);
      expect(order.toSorted()).toEqual(groups.flat().toSorted());
      const letters = order.map((name) => name[0]).join('');
      expect(letters).toMatch(/^(?:(.)\1*(?!.*\1))+$/);
    }
  });

  it('has every member first in its group as often as the others', () => {
    const first = Array.from({ length: 6 }, (_, round) => roundOrder([['x', 'y', 'z']], round)[0]);
    expect(first.join('')).toBe('xyzxyz');
  });
});

describe('framesOfRun', () => {
  it('is whole groups of pictures', () => {
    expect([1, 12, 24, 30].map((gop) => framesOfRun({ frames: 24, gop }))).toEqual([24, 24, 24, 30]);
    expect(framesOfRun(PLAN)).toBe(24);
  });
});
