import { describe, expect, it } from 'vitest';
import { ClipMeter } from './clip-figures.js';

const SIZE = { width: 8, height: 1 };
const TRUTH = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
const AT_EDGE = Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1);
const FAR = Uint8Array.of(1, 0, 0, 0, 1, 1, 1, 1);

/** Feeds streams of frames, a key frame in every `gop`, from starts 0, 1, …. */
function figuresOf(streams: readonly (readonly Uint8Array[])[], gop: number, boundary?: number) {
  const meter = new ClipMeter(SIZE, ['left', 'right'], { gop, boundary });
  for (const [start, stream] of streams.entries())
    for (const [index, labels] of stream.entries())
      meter.add({ index, distance: index % gop, picture: start + index, labels, truth: TRUTH });
  return meter.figures();
}

describe('ClipMeter', () => {
  it('gives a clip’s figures', () => {
    const { meanIou, meanOverDistances, uniformDistance, boundaryMeanIou, curve, classes } = figuresOf(
      [
        [TRUTH, AT_EDGE, TRUTH],
        [TRUTH, AT_EDGE],
      ],
      2,
      1,
    );
    const wrong = (3 / 4 + 4 / 5) / 2;
    expect(curve.map((point) => point.meanIou)).toEqual([1, wrong]);
    expect(meanOverDistances).toBe((1 + wrong) / 2);
    // Of 20 pixels each; class 0 is missed twice.
    expect(meanIou).toBeCloseTo((18 / 20 + 20 / 22) / 2, 12);
    expect(classes.map(({ name }) => name)).toEqual(['left', 'right']);
    expect(classes[0].iou).toBeCloseTo(18 / 20, 12);
    // Pictures 1 and 2 were scored at both distances.
    expect(uniformDistance).toMatchObject({ pictures: 2 });
    expect(uniformDistance?.expected).toBeCloseTo((14 / 16 + 16 / 18) / 2, 12);
    // Two pixels a frame lie at the edge: 3 + 2 of the first class are right there.
    expect(boundaryMeanIou).toBeCloseTo((3 / 5 + 5 / 7) / 2, 12);
  });

  it('begins consistency anew with every stream', () => {
    const steady = Array.from({ length: 10 }, () => FAR);
    const other = Array.from({ length: 10 }, () => AT_EDGE);
    const { videoConsistency, uniformDistance, boundaryMeanIou } = figuresOf([steady, other], 12);
    expect(videoConsistency).toEqual({ vc8: 1, vc16: Number.NaN });
    expect([uniformDistance, boundaryMeanIou]).toEqual([undefined, undefined]);
  });
});
