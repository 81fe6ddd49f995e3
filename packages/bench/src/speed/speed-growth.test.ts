import { describe, expect, it } from 'vitest';
import { madeMeasurement } from './made-measurement.js';
import { speedGrowth } from './speed-growth.js';

const SIZE = { width: 480, height: 360 };

describe('speedGrowth', () => {
  it('fits times over pixels, layer by layer', () => {
    const lines = speedGrowth(
      [1, 2, 4].flatMap((scale) =>
        ([1, 2] as const).map((layer) => {
          const pixels = 480 * scale * 360;
          const times = { base: 3e-4 * pixels, key: 3e-4 * pixels, nonKey: (2e-4 / layer) * pixels };
          return madeMeasurement({ width: 480 * scale, height: 360, gop: 12, layer }, times);
        }),
      ),
    );
    expect(lines.map(({ over, time, layer }) => [over, time, layer])).toEqual([
      ['pixels', 'endToEnd', 'per-frame'],
      ['pixels', 'network', 'per-frame'],
      ['pixels', 'endToEnd', 1],
      ['pixels', 'network', 1],
      ['pixels', 'endToEnd', 2],
      ['pixels', 'network', 2],
    ]);
    for (const { points, fit } of lines) {
      expect(points.map(([x]) => x)).toEqual([172800, 345600, 691200]);
      expect(fit).toMatchObject({ kind: 'power' });
      if (fit.kind === 'power') expect(fit.exponent).toBeCloseTo(1, 10);
    }
    expect(lines[5].points[0][1]).toBeCloseTo(1e-4 * 172800, 9);
  });

  it('takes key and non-key frames apart over the length of a group', () => {
    const times = { base: 20, key: 22, nonKey: 11 };
    const lines = speedGrowth([1, 4, 12].map((gop) => madeMeasurement({ ...SIZE, gop }, times)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ over: 'gop', layer: 1, shared: { size: '480x360', threads: null } });
    const { fit } = lines[0];
    expect(fit.kind).toBe('group');
    if (fit.kind !== 'group') return;
    expect(fit.key).toBeCloseTo(22, 10);
    expect(fit.nonKey).toBeCloseTo(11, 10);
  });

  it('finds the serial share over threads', () => {
    const lines = speedGrowth(
      [2, 1].flatMap((threads) =>
        [1, 12].map((gop) => {
          const time = 40 * (0.1 + 0.9 / threads);
          return madeMeasurement({ ...SIZE, gop, threads }, { base: time, key: time, nonKey: time / 2 });
        }),
      ),
    ).filter(({ over }) => over === 'threads');
    expect(lines.map(({ layer, time, shared }) => [layer, time, shared.gop])).toEqual([
      ['per-frame', 'network', undefined],
      [1, 'network', undefined],
      ['per-frame', 'endToEnd', 12],
      [1, 'endToEnd', 12],
    ]);
    for (const { points, fit } of lines) {
      expect(points.map(([x]) => x)).toEqual([1, 2]);
      if (fit.kind === 'amdahl') expect(fit.serialShare).toBeCloseTo(0.1, 10);
    }
  });

  it('has nothing to say of one size, one length and one number of threads', () => {
    expect(speedGrowth([madeMeasurement({ ...SIZE, gop: 12 }, { base: 3, key: 3, nonKey: 2 })])).toEqual([]);
  });
});
