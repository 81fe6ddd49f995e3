import { describe, expect, it } from 'vitest';
import type { MethodFigures } from '../frontier/frontier-report.js';
import { spreadOf } from '../speed/spread.js';
import { frontierLines } from './frontier-lines.js';

const estimate = (value: number) => ({ value, lower: value - 0.01, upper: value + 0.01 });

function figures(name: string, more: Partial<MethodFigures>): MethodFigures {
  return {
    ...{ name, model: 'made', kind: 'per-frame', scale: 1, framesPerSecond: 50 },
    ...{ meanIou: estimate(0.7), kept: estimate(1), milliseconds: spreadOf([20]), timeShare: spreadOf([1]) },
    curve: [0, 1].map((distance) => ({ distance, frames: 1, meanIou: estimate(0.7) })),
    ...more,
  };
}

describe('frontierLines', () => {
  it('are a row a method, and a row a distance of what correction is worth', () => {
    const asFast = { scale: 0.456, meanIou: 0.65, gap: estimate(0.04), beyond: 'faster' } as const;
    const curve = [{ distance: 1, frames: 1, meanIou: estimate(0.6), aboveWarp: estimate(0.0212) }];
    const timeShare = spreadOf([0.25]);
    const lines = frontierLines([
      figures('per frame', {}),
      figures('Layer 1', {
        kind: 'point',
        meanIou: estimate(0.69),
        kept: estimate(0.9857),
        timeShare,
        asFast,
        curve,
      }),
    ]);
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      ' mIoU kept ms a frame share per frame as fast: scale, mIoU, points above it',
      'per frame 70.00 (69.0–71.0) 1.0000 20.0 (20.0–20.0) 1.000',
      'Layer 1 69.00 (68.0–70.0) 0.9857 20.0 (20.0–20.0) 0.250 ≥ 0.46 65.00 +4.00 (3.00 to 5.00)',
      '',
      'points above the same features warped alone, by frames since the key frame',
      ' Layer 1',
      ' 1 +2.12 (1.12 to 3.12)',
    ]);
  });
});
