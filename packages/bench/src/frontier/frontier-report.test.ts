import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { describe, expect, it } from 'vitest';
import { ClipScores } from './clip-scores.js';
import { estimate } from './estimate.js';
import { frontierFigures, type Measured } from './frontier-report.js';

/** Four pictures of ten pixels, of one class as far as truth goes, each of which is right in so many. */
function scored(right: readonly number[], distance = (picture: number) => picture): ClipScores {
  const scores = new ClipScores({ width: 10, height: 1, classes: 2, pictures: right.length, stretch: 2 });
  for (const [picture, count] of right.entries()) {
    const labels = new Uint8Array(10).fill(1).fill(0, 0, count);
    // A prediction that is no class is a miss and no false alarm: IoU of class 0 is the share that is right.
    const none = labels.map((label) => (label === 1 ? 255 : 0));
    scores.add(0, { picture, distance: distance(picture), labels: none, truth: new Uint8Array(10) });
  }
  return scores;
}

function measured(
  name: string,
  kind: Measured['kind'],
  scale: number,
  right: number[],
  ms: number[],
): Measured {
  const uncorrected = kind === 'point' ? 'warp alone' : undefined;
  return { name, model: 'made', kind, scale, uncorrected, scores: scored(right), milliseconds: ms };
}

const ALL = [
  measured('per frame at 0.5', 'per-frame', 0.5, [6, 6, 6, 6], [10, 10, 12]),
  measured('per frame', 'per-frame', 1, [8, 8, 8, 8], [40, 40, 80]),
  measured('Layer 1', 'point', 1, [8, 8, 7, 7], [20, 20, 20]),
  measured('warp alone', 'warp-alone', 1, [8, 7, 6, 3], [8, 8, 8]),
];

describe('frontierFigures', () => {
  const figures = frontierFigures(ALL);
  const [half, whole, layer, warp] = figures;

  it('has accuracy and its share of the per-frame network’s, with intervals over stretches', () => {
    expect(layer.meanIou).toEqual({ value: 30 / 40, lower: 14 / 20, upper: 16 / 20 });
    expect(layer.kept.value).toBeCloseTo(30 / 32, 12);
    expect(layer.kept.lower).toBeCloseTo(14 / 16, 12);
    expect(layer.kept.upper).toBeCloseTo(1, 12);
    expect(half.meanIou).toEqual({ value: 0.6, lower: 0.6, upper: 0.6 });
  });

  it('takes shares of time round by round', () => {
    expect(layer.milliseconds).toMatchObject({ median: 20 });
    expect(layer.framesPerSecond).toBe(50);
    expect(layer.timeShare.rounds).toEqual([0.5, 0.5, 0.25]);
    expect(whole.timeShare.median).toBe(1);
  });

  it('sets methods beside the per-frame network that is as fast', () => {
    // 20 ms is half way from 10 to 40: 0.7, and 5 points below.
    expect(layer.asFast).toMatchObject({ scale: expect.closeTo(0.75, 12), meanIou: expect.closeTo(0.7, 12) });
    expect(layer.asFast!.gap.value).toBeCloseTo(0.05, 12);
    expect(layer.asFast!.gap.lower).toBeCloseTo(0, 12);
    expect(layer.asFast!.gap.upper).toBeCloseTo(0.1, 12);
    expect(warp.asFast).toMatchObject({ scale: 0.5, beyond: 'faster' });
    expect(whole.asFast).toBeUndefined();
  });

  it('sets points beside warping alone at every distance', () => {
    expect(layer.curve.map(({ distance, meanIou }) => [distance, meanIou.value])).toEqual([
      [0, 0.8],
      [1, 0.8],
      [2, 0.7],
      [3, 0.7],
    ]);
    const above = layer.curve.map(({ aboveWarp }) => aboveWarp?.value);
    expect(above).toEqual([undefined, ...[0.1, 0.1, 0.4].map((value) => expect.closeTo(value, 12))]);
    for (const { curve } of [half, warp])
      for (const { aboveWarp } of curve) expect(aboveWarp).toBeUndefined();
  });

  it('needs the per-frame network at its working size', () => {
    expect(() => frontierFigures([ALL[0]])).toThrow(/made.*scale 1/);
  });
});

describe('estimate', () => {
  it('has no interval of a single stretch', () => {
    expect(estimate([[new ConfusionMatrix(2)]], () => 3)).toEqual({
      ...{ value: 3, lower: Number.NaN, upper: Number.NaN },
    });
  });
});
