import { madeFrame } from '@twnet/testing/scripted-networks';
import { expect, it } from 'vitest';
import type { FrameTimings, SegmentedFrame } from './segmented-frame.js';
import { StatsCollector } from './stats.js';

const segmented = (letter: string, kind: 'key' | 'nonkey', timings: FrameTimings): SegmentedFrame => ({
  frame: madeFrame(letter, 0),
  labels: new Uint8Array(32 * 32),
  kind,
  ...(kind === 'key' ? { reason: 'codec' } : {}),
  distance: 0,
  timings,
});

it('adds up frames by type and kind and the milliseconds of each stage', () => {
  const stats = new StatsCollector();
  stats.add(segmented('I', 'key', { decode: 1, motion: 0, network: 50, labels: 4 }), 10);
  stats.add(segmented('B', 'nonkey', { decode: 2, motion: 3, network: 20, labels: 4 }), 12);
  stats.add(segmented('P', 'nonkey', { decode: 4, motion: 5, network: 30, labels: 6 }), 14);
  const report = stats.report();
  expect(report.frames).toEqual({ total: 3, key: 1, nonKey: 2, I: 1, P: 1, B: 1 });
  expect(report.keyFramesBy).toEqual({ codec: 1 });
  expect(report.milliseconds).toEqual({ decode: 7, motion: 8, network: 100, labels: 14, write: 36 });
  expect(report.millisecondsPerKeyFrame).toEqual({ decode: 1, motion: 0, network: 50, labels: 4, write: 10 });
  expect(report.millisecondsPerNonKeyFrame).toEqual({
    decode: 3,
    motion: 4,
    network: 25,
    labels: 5,
    write: 13,
  });
  expect(report.framesPerSecond).toBeCloseTo(3 / report.seconds);
});

it('reports a run without frames', () => {
  const report = new StatsCollector().report();
  expect(report.frames.total).toBe(0);
  expect(report.millisecondsPerKeyFrame).toBeNull();
  expect(report.framesPerSecond).toBe(0);
});
