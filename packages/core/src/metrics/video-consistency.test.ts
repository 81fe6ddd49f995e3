import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { VideoConsistency } from './video-consistency.js';

type Maps = readonly Uint8Array[];

/** VSPW's definition, clip by clip. */
function sharesByClip(predictions: Maps, truth: Maps, length: number): number[] {
  const same = (maps: Maps, start: number, pixel: number) =>
    maps.slice(start, start + length).every((map) => map[pixel] === maps[start][pixel]);
  return Array.from({ length: Math.max(0, truth.length - length) }, (_, start) => {
    const steady = [...truth[0].keys()].filter((pixel) => same(truth, start, pixel));
    return steady.filter((pixel) => same(predictions, start, pixel)).length / steady.length;
  });
}

/** Labels of which a few change from frame to frame. */
function drift(frames: number, pixels: number, changes: number, seed: number): Uint8Array[] {
  const random = seededRandom(seed);
  const labels = Uint8Array.from({ length: pixels }, () => Math.floor(4 * random()));
  return Array.from({ length: frames }, () => {
    for (let i = 0; i < pixels; i++) if (random() < changes) labels[i] = Math.floor(5 * random()) % 4;
    return labels.slice();
  });
}

function feed(meter: VideoConsistency, predictions: Maps, truth: Maps): void {
  for (const [frame, map] of predictions.entries()) meter.add(map, truth[frame]);
  meter.endVideo();
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('VideoConsistency', () => {
  it('counts a worked example: steady pixels of the truth whose prediction is steady, right or wrong', () => {
    const meter = new VideoConsistency([2]);
    // The third pixel's truth changes; of the other two the prediction of one does.
    feed(
      meter,
      [Uint8Array.of(5, 1, 0), Uint8Array.of(5, 2, 0), Uint8Array.of(0, 0, 0)],
      [Uint8Array.of(0, 1, 2), Uint8Array.of(0, 1, 3), Uint8Array.of(0, 1, 3)],
    );
    // The clip of the last two frames ends with the video: VSPW does not count it.
    expect(meter.means()).toEqual([1 / 2]);
  });

  it('agrees with the definition over several videos, also those too short', () => {
    const meter = new VideoConsistency();
    const shares: number[][] = [[], []];
    for (const [seed, frames] of [40, 8, 17, 3, 25].entries()) {
      const truth = drift(frames, 300, 0.03, seed);
      const predictions = drift(frames, 300, 0.06, 50 + seed);
      feed(meter, predictions, truth);
      for (const [i, length] of [8, 16].entries())
        shares[i].push(...sharesByClip(predictions, truth, length));
    }
    expect(shares.map(({ length }) => length)).toEqual([32 + 9 + 17, 24 + 1 + 9]);
    const [vc8, vc16] = meter.means();
    expect(vc8).toBeCloseTo(mean(shares[0]), 12);
    expect(vc16).toBeCloseTo(mean(shares[1]), 12);
    expect(vc16).toBeLessThan(vc8);
  });

  it('leaves out clips without a steady pixel, and is NaN where no video is long enough', () => {
    const meter = new VideoConsistency([2, 3]);
    const frame = (label: number) => Uint8Array.of(label, label);
    feed(meter, [frame(0), frame(0), frame(0)], [frame(0), frame(1), frame(1)]);
    expect(meter.means()).toEqual([Number.NaN, Number.NaN]);
  });

  it('is 1 for the truth itself', () => {
    const truth = drift(20, 100, 0.05, 3);
    const meter = new VideoConsistency();
    feed(meter, truth, truth);
    expect(meter.means()).toEqual([1, 1]);
  });

  it('takes videos of different sizes, but not frames', () => {
    const meter = new VideoConsistency([2]);
    for (const size of [4, 9, 4]) feed(meter, drift(5, size, 0, size), drift(5, size, 0, size));
    expect(meter.means()).toEqual([1]);
    meter.add(new Uint8Array(4), new Uint8Array(4));
    expect(() => meter.add(new Uint8Array(9), new Uint8Array(9))).toThrow(RangeError);
    expect(() => meter.add(new Uint8Array(9), new Uint8Array(4))).toThrow(RangeError);
  });
});
