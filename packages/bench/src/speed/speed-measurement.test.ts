import type { RunStats } from '@twnet/core/segment/stats';
import { describe, expect, it } from 'vitest';
import { speedMeasurements } from './speed-measurement.js';
import type { Configuration } from './speed-plan.js';
import type { Visit } from './speed-visit.js';

const shared = { backbone: 'mobilenet-v1', width: 64, height: 48 } as const;
const base: Configuration = { ...shared, layer: 'per-frame' };
const layer1: Configuration = { ...shared, layer: 1 };

function run(key: number, nonKey: number, seconds: number, network: number): RunStats {
  const times = { decode: 1, motion: 2, network, labels: 3, write: 0 };
  return {
    frames: { total: key + nonKey, key, nonKey, I: key, P: nonKey, B: 0 },
    keyFramesBy: {},
    milliseconds: times,
    millisecondsPerKeyFrame: times,
    millisecondsPerNonKeyFrame: nonKey > 0 ? { ...times, network: network / 2 } : null,
    seconds,
    framesPerSecond: (key + nonKey) / seconds,
  };
}

/** A round on a machine that is `slow` times as slow, in groups of one or of four. */
function round(slow: number, gop: number): Visit[] {
  const propagated = gop === 1 ? run(8, 0, 0.24 * slow, 21 * slow) : run(2, 6, 0.15 * slow, 21 * slow);
  return [
    { configuration: layer1, network: { key: 21 * slow, nonKey: 10 * slow }, run: propagated },
    { configuration: base, network: { key: 20 * slow }, run: run(8, 0, 0.24 * slow, 20 * slow) },
  ];
}

describe('speedMeasurements', () => {
  const measured = [1, 4].flatMap((gop) =>
    speedMeasurements([[base, layer1]], { gop }, [round(1, gop), round(2, gop), round(1.5, gop)]),
  );

  it('gives medians of times', () => {
    expect(measured.map(({ gop, layer }) => [gop, layer])).toEqual([
      [1, 1],
      [4, 1],
    ]);
    const { network, endToEnd, stages, threads } = measured[1];
    expect(threads).toBeNull();
    expect(network.perFrame).toMatchObject({ median: 30, low: 25, high: 35, rounds: [20, 40, 30] });
    expect(network.key.median).toBe(31.5);
    expect(network.nonKey.median).toBe(15);
    expect(endToEnd.perFrame.median).toBeCloseTo(45, 9);
    expect(endToEnd.propagated.median).toBeCloseTo(28.125, 9);
    // (150 − 2 · 30) / 6 = 15 on the machine as it is.
    expect(endToEnd.nonKey!.median).toBeCloseTo(22.5, 9);
    expect(stages.perFrame).toEqual({ decode: 1, motion: 2, network: 30, labels: 3 });
    expect(stages.nonKey!.network).toBeCloseTo(15.75, 9);
  });

  it('gives ratios of each round, which a slow round does not change', () => {
    const { speedUp, nonKeySpeedUp } = measured[1];
    expect(speedUp.endToEnd).toMatchObject({ median: 1.6 });
    for (const value of speedUp.endToEnd.rounds) expect(value).toBeCloseTo(1.6, 9);
    for (const value of speedUp.network.rounds) expect(value).toBeCloseTo((4 * 20) / (21 + 3 * 10), 9);
    for (const value of nonKeySpeedUp.endToEnd!.rounds) expect(value).toBeCloseTo(2, 9);
    for (const value of nonKeySpeedUp.network.rounds) expect(value).toBeCloseTo(2, 9);
  });

  it('knows no non-key frames in groups of one', () => {
    const [{ endToEnd, stages, speedUp, nonKeySpeedUp }] = measured;
    expect(endToEnd.nonKey).toBeNull();
    expect(nonKeySpeedUp.endToEnd).toBeNull();
    expect(stages.nonKey).toBeNull();
    expect(speedUp.endToEnd.median).toBeCloseTo(1, 9);
    expect(speedUp.network.median).toBeCloseTo(20 / 21, 9);
  });
});
