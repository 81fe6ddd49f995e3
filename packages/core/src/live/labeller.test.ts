/** The labeller on a clock of the test: what it gives out when, and that it is never late. */
import { NO_MOTION, type PictureType, type VideoFrame } from '@twnet/core/frame';
import { describe, expect, it } from 'vitest';
import type { ScoreLayout } from './carried-scores.js';
import { type Clock, LiveLabeller } from './labeller.js';
import type { LatePolicy, LiveFrame } from './live-frame.js';

const SIDE = 32;
const CELLS = 64;
const LAYOUT: ScoreLayout = {
  ...{ classes: 64, rows: 8, columns: 8, frame: { width: SIDE, height: SIDE } },
  labels: { width: SIDE, height: SIDE, stride: 4 },
};

/** One block over all of the frame that moves right by so many pixels. */
const motion = (dx: number): VideoFrame['motion'] => ({
  count: 4,
  direction: Int8Array.of(-1, -1, -1, -1),
  x: Int16Array.of(0, 16, 0, 16),
  y: Int16Array.of(0, 0, 16, 16),
  width: new Uint8Array(4).fill(16),
  height: new Uint8Array(4).fill(16),
  dx: new Float32Array(4).fill(dx),
  dy: new Float32Array(4),
});

function frame(index: number, pictureType: PictureType = 'P', more: Partial<VideoFrame> = {}): VideoFrame {
  return {
    ...{ index, timestamp: index / 25, pictureType, width: SIDE, height: SIDE },
    pixels: new Uint8Array(0),
    motion: pictureType === 'I' ? NO_MOTION : motion(4),
    discontinuity: index === 0,
    ...more,
  };
}

/** Time goes by only when it is told to. */
class TestClock implements Clock {
  time = 0;
  private readonly calls = new Set<{ readonly at: number; readonly call: () => void }>();
  now = () => this.time;
  after = (milliseconds: number, call: () => void) => {
    const entry = { at: this.time + milliseconds, call };
    this.calls.add(entry);
    return () => void this.calls.delete(entry);
  };

  async to(time: number): Promise<void> {
    for (;;) {
      await settle();
      const [next] = [...this.calls].filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.calls.delete(next);
      this.time = next.at;
      next.call();
    }
    this.time = time;
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

interface Given {
  readonly index: number;
  readonly by: LiveFrame['by'];
  readonly distance: number;
  readonly lag: number;
  /** The class all over, or in each column of cells where there are several. */
  readonly label: number;
}

/**
 * Runs frames at 25 a second through a network that takes so long; it labels frame n with class n + 1 in the left half
 * and 0 in the right one.
 */
async function run(
  frames: readonly VideoFrame[],
  {
    late = 'warp' as LatePolicy,
    patience = 150,
    network = 100,
    interval = undefined as number | undefined,
    /** Of frames when they come, milliseconds. */
    age = 0,
  } = {},
) {
  const clock = new TestClock();
  const given: Given[] = [];
  const skipped: number[] = [];
  const asked: number[] = [];
  let running = 0;
  const labeller = new LiveLabeller(
    LAYOUT,
    { late, patience, interval, clock },
    {
      ask: async ({ index }) => {
        expect(running++).toBe(0);
        asked.push(index);
        await new Promise<void>((resolve) => clock.after(network, resolve));
        running--;
        const scores = new Float32Array(64 * CELLS);
        const labels = new Uint8Array(SIDE * SIDE);
        for (let i = 0; i < CELLS; i++) scores[(i % 8 < 4 ? (index % 60) + 1 : 0) * CELLS + i] = 1;
        for (let i = 0; i < labels.length; i++) labels[i] = i % SIDE < SIDE / 2 ? (index % 60) + 1 : 0;
        return { labels, scores };
      },
      onFrame: ({ frame: { index }, by, distance, lag, labels }) =>
        given.push({ index, by, distance, lag, label: labels[0] }),
      onSkip: ({ index }) => skipped.push(index),
      onError: (error) => {
        throw error;
      },
    },
  );
  let waits: Promise<void> = Promise.resolve();
  for (const [t, each] of frames.entries()) {
    await clock.to(Math.max(40 * t, clock.time));
    let taken = false;
    waits = labeller.add(each, clock.time - age).then(() => {
      taken = true;
    });
    await settle();
    if (late === 'wait') while (!taken) await clock.to(clock.time + 10);
  }
  await waits;
  const finished = labeller.finish();
  await clock.to(clock.time + 1000);
  await finished;
  return { given, skipped, asked, clock };
}

const stream = (count: number, gop = 12) =>
  Array.from({ length: count }, (_, t) => frame(t, t % gop === 0 ? 'I' : 'P'));

describe('frames that come while the network is busy', () => {
  it('are labelled by it as often as it can, however it lies with how late they may be', async () => {
    for (const age of [0, 10, 20, 30, 45, 80, 140, 300])
      for (const network of [90, 105, 115, 124, 130, 180]) {
        const { asked } = await run(stream(60, 100), { age, network });
        // What decodes is given as long again where frames come later than they may.
        const most = Math.ceil(((age > 150 ? 2 : 1) * network) / 40) + 2;
        for (let i = 1; i < asked.length; i++) expect(asked[i] - asked[i - 1]).toBeLessThanOrEqual(most);
        expect(asked.at(-1)).toBeGreaterThanOrEqual(60 - 1 - most);
      }
  });

  it('get carried labels at once, in order, none is left out, and none is later than it may be', async () => {
    const { given, skipped, asked } = await run(stream(100));
    expect(given.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, t) => t));
    expect(skipped).toEqual([]);
    for (const { lag, index } of given) if (index > 0) expect(lag).toBeLessThanOrEqual(150);
    expect(given.filter(({ by }) => by === 'network').length).toBeGreaterThan(25);
    for (const { index, distance, label, by } of given) {
      // Labels are those of the frame that the network labelled, so many frames ago.
      expect(label).toBe(((index - distance) % 60) + 1);
      expect(by === 'network').toBe(distance === 0);
      expect(distance).toBeLessThanOrEqual(6);
    }
    expect(asked.length).toBeGreaterThan(30);
  });

  it('wait for nothing where they may not wait: then all are carried, and no later than that takes', async () => {
    const { given, skipped } = await run(stream(60), { patience: 0 });
    // Before the first answer there is nothing to carry.
    expect(skipped).toEqual([]);
    for (const { index, lag, by } of given) {
      if (index < 3) continue;
      expect(lag).toBe(0);
      expect(by).toBe('warp');
    }
  });

  it('are not waited for by a network that takes longer than they may be late', async () => {
    const { given } = await run(stream(100), { network: 500, patience: 150 });
    for (const { index, lag } of given) if (index > 12) expect(lag).toBeLessThanOrEqual(150);
    expect(given.at(-1)!.distance).toBeLessThan(26);
  });

  it('are all labelled by a network that is faster than they come', async () => {
    const { given } = await run(stream(30), { network: 20 });
    expect(given.every(({ by, lag }) => by === 'network' && lag === 20)).toBe(true);
  });

  it('are left out with the policy skip, and the newest is taken', async () => {
    const { given, skipped } = await run(stream(50), { late: 'skip' });
    expect(given.every(({ by }) => by === 'network')).toBe(true);
    expect([...given.map(({ index }) => index), ...skipped].sort((a, b) => a - b)).toHaveLength(50);
    for (const { lag } of given) expect(lag).toBeLessThanOrEqual(140);
  });

  it('keep the source waiting with the policy wait: I-frames and every n-th go through the network', async () => {
    const { given, skipped, asked } = await run(stream(24), { late: 'wait', interval: 5 });
    expect(skipped).toEqual([]);
    expect(asked).toEqual([0, 5, 10, 12, 17, 22]);
    expect(given.map(({ distance }) => distance)).toEqual([
      0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1,
    ]);
  });
});

describe('where a stream does not go on', () => {
  it('frames wait for the network again, but no longer than they may', async () => {
    const frames = stream(60, 1000).map((each) =>
      each.index === 30 ? { ...each, discontinuity: true } : each,
    );
    const { given } = await run(frames);
    const after = given.filter(({ index }) => index >= 30);
    expect(after.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, t) => 30 + t));
    for (const { lag } of after) expect(lag).toBeLessThanOrEqual(150);
    for (const { index, distance } of after.filter(({ index }) => index >= 36))
      expect(index - distance).toBeGreaterThanOrEqual(30);
  });

  it('B-frames are never what others are carried from', async () => {
    const frames = Array.from({ length: 40 }, (_, t) => frame(t, t === 0 ? 'I' : t % 2 === 1 ? 'B' : 'P'));
    const { asked, given } = await run(frames);
    expect(asked.every((index) => index % 2 === 0)).toBe(true);
    expect(given).toHaveLength(40);
  });
});

describe('carried labels', () => {
  it('move along the vectors, on over I-frames as things moved before', async () => {
    const borders: number[] = [];
    const clock = new TestClock();
    const labeller = new LiveLabeller(
      LAYOUT,
      { late: 'warp', patience: 0, clock },
      {
        ask: async ({ index }) => {
          // It answers for the first frame, and then no more.
          if (index > 0) return new Promise(() => undefined);
          const scores = new Float32Array(64 * CELLS);
          for (let i = 0; i < CELLS; i++) scores[(i % 8 < 2 ? 1 : 0) * CELLS + i] = 1;
          return { labels: new Uint8Array(SIDE * SIDE), scores };
        },
        onFrame: ({ labels }) => borders.push(labels.subarray(0, SIDE).lastIndexOf(1) + 1),
        onError: () => undefined,
      },
    );
    await labeller.add(frame(0, 'I'));
    await settle();
    await settle();
    for (const [t, type] of [...'PPIP'].entries()) await labeller.add(frame(t + 1, type as PictureType));
    labeller.stop();
    // Two cells wide at first, and 4 pixels a frame to the right from then on.
    expect(borders).toEqual([0, 12, 16, 20, 24]);
  });
});
