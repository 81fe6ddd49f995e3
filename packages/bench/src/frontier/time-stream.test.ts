import { describe, expect, it } from 'vitest';
import type { LabelledFrame, OpenedMethod } from '../methods/stream-method.js';
import { timeStream } from './time-stream.js';

/** Frames that say when they are asked for. */
function counting(frames: number): { opened: OpenedMethod; runs: number[][] } {
  const runs: number[][] = [];
  const opened: OpenedMethod = {
    async *labels() {
      const run: number[] = [];
      runs.push(run);
      for (let index = 0; index < frames; index++) {
        run.push(index);
        yield { frame: { index }, labels: new Uint8Array(1) } as LabelledFrame;
      }
    },
    close: async () => undefined,
  };
  return { opened, runs };
}

describe('timeStream', () => {
  it.each([
    { frames: 25, gop: 12, last: 24 },
    { frames: 24, gop: 12, last: 12 },
    { frames: 12, gop: 12, last: 11 },
    { frames: 2, gop: 12, last: 1 },
  ])('times whole groups after a warm-up: $frames frames', async ({ frames, gop, last }) => {
    const { opened, runs } = counting(frames);
    expect(await timeStream(opened, 'made', { frames, gop })).toBeGreaterThan(0);
    expect(runs.map((run) => run.at(-1))).toEqual([Math.min(3, frames - 1), last]);
  });

  it('refuses what cannot be timed', async () => {
    const { opened } = counting(3);
    await expect(timeStream(opened, 'made', { frames: 1, gop: 12 })).rejects.toThrow(RangeError);
    await expect(timeStream(opened, 'made', { frames: 9, gop: 4 })).rejects.toThrow(/ended before/);
  });
});
