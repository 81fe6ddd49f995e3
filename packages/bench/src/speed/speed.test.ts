import { Model } from '@twnet/node/model/model';
import { describe, expect, it } from 'vitest';
import { measureSpeeds } from './speed.js';

describe('measureSpeeds', () => {
  it('times a model and a backbone without one over whole groups', async () => {
    const progress: number[] = [];
    const report = await measureSpeeds(
      {
        backbones: ['mobilenet-v1', 'mobilenet-v2'],
        models: [await Model.open('camvid-mobilenet-v1')],
        layers: [2],
        sizes: [{ width: 64, height: 48 }],
        threads: 1,
        gop: 3,
        rounds: 2,
        parallel: 2,
        frames: 4,
        operators: true,
      },
      (done, total) => progress.push(done / total),
    );
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBeCloseTo(1, 9);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(report.networks.map(({ backbone, layer, weights }) => [backbone, layer, weights])).toEqual([
      ['mobilenet-v1', 'per-frame', 'camvid-mobilenet-v1'],
      ['mobilenet-v1', 2, 'camvid-mobilenet-v1'],
      ['mobilenet-v2', 'per-frame', 'random'],
      ['mobilenet-v2', 2, 'random'],
    ]);
    expect(report.networks[1].gigaMacs).toBeLessThan(report.networks[0].gigaMacs);
    expect(report.measurements).toHaveLength(2);
    for (const { network, endToEnd, speedUp, nonKeySpeedUp } of report.measurements) {
      for (const { rounds } of [network.key, endToEnd.propagated, speedUp.network]) {
        expect(rounds).toHaveLength(2);
        for (const value of rounds) expect(value).toBeGreaterThan(0);
      }
      expect(speedUp.endToEnd.rounds[1]).toBeCloseTo(
        endToEnd.perFrame.rounds[1] / endToEnd.propagated.rounds[1],
        12,
      );
      // Six frames, two of them key frames at the per-frame network's time.
      const [whole, base, nonKey] = [endToEnd.propagated, endToEnd.perFrame, endToEnd.nonKey!];
      expect(2 * base.rounds[0] + 4 * nonKey.rounds[0]).toBeCloseTo(6 * whole.rounds[0], 9);
      expect(nonKeySpeedUp.endToEnd!.rounds[0]).toBeCloseTo(base.rounds[0] / nonKey.rounds[0], 9);
    }
    expect(report.operators).toHaveLength(4);
    for (const { operators } of report.operators) expect(operators.length).toBeGreaterThan(2);
  });

  it('says that an execution provider cannot run', async () => {
    const plan = {
      backbones: ['mobilenet-v1'] as const,
      models: [],
      layers: [1] as const,
      sizes: [{ width: 64, height: 48 }],
      gop: 2,
      rounds: 1,
      frames: 2,
      provider: 'nonsense',
    };
    await expect(measureSpeeds(plan)).rejects.toThrow(/the network could not run/);
  });
});
