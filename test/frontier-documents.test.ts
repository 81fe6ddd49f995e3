/** Tables and pictures of frontier, quality and agreement, from measurements as files have them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chartFaults } from '../tools/documents/check.js';
import { drawnCharts, FRONTIER_TABLES } from '../tools/documents/frontier-tables.js';
import type { Measurement } from '../tools/documents/measurements.js';

const estimate = (value: number) => ({ value, lower: value - 0.02, upper: value + 0.02 });
const way = (name: string, kind: string, value: number, median: number, more: object = {}) => ({
  ...{ model: 'made', name, kind, scale: 1, meanIou: estimate(value), kept: estimate(value / 0.8) },
  ...{ milliseconds: { median }, timeShare: { median: median / 20 } },
  curve: [{ distance: 1, frames: 4, meanIou: estimate(value) }],
  ...more,
});
const figures = {
  frontier: {
    methods: [
      way('per frame', 'per-frame', 0.8, 20),
      way('fast', 'point', 0.76, 5, {
        asFast: { scale: 0.35, meanIou: 0.7, gap: estimate(0.06), beyond: 'faster' },
        curve: [{ distance: 1, frames: 4, meanIou: estimate(0.77), aboveWarp: estimate(-0.001) }],
      }),
    ],
  },
  quality: {
    streams: [10, 3].map((quality) => ({
      coding: { codec: 'mpeg4', quality },
      kilobitsPerSecond: 3000 / quality,
      methods: [
        { model: 'made', name: 'per frame', meanIou: estimate(0.6) },
        { model: 'made', name: 'fast', meanIou: estimate(0.62), abovePerFrame: estimate(0.02) },
      ],
    })),
  },
  throughput: {
    methods: [
      {
        ...{ model: 'made', name: 'fast', kind: 'point', milliseconds: { median: 20 }, framesPerSecond: 50 },
        speedUp: { median: 6.51 },
        stages: {
          key: { decode: 4, motion: 0, network: 80, labels: 2 },
          nonKey: { decode: 3, motion: 5, network: 10, labels: 1 },
        },
      },
    ],
  },
  agreement: {
    videos: [
      {
        ...{ video: 'drive.mp4', frames: 24, width: 64, height: 48, betweenModels: 0.1 },
        recoded: [
          {
            coding: { codec: 'h264', quality: 34 },
            disagreement: 0.05,
            against: { disagreement: 0.2, ratio: 0.25 },
          },
        ],
        halfSize: { disagreement: 0.03 },
        nonKey: [
          {
            ...{ name: 'fast', disagreement: 0.0123, ofBetter: 0.4, flickerShare: 0.9 },
            byDistance: [{ distance: 11, frames: 2, disagreement: 0.02 }],
          },
        ],
      },
    ],
  },
};
const measurements = new Map(
  Object.entries(figures).map(([name, figure]) => [name, figure as unknown as Measurement]),
);
const rowsOf = (table: string) => FRONTIER_TABLES[table](measurements).split('\n').slice(2);

describe('tables', () => {
  it('of the frontier', () => {
    expect(rowsOf('frontier')).toEqual([
      '| made | per frame | 80.0 (78.0–82.0) | 1.000 | 20.0 | 1.00 |  |  |  |',
      '| made | fast | 76.0 (74.0–78.0) | 0.950 | 5.0 | 0.25 | ≥ 0.35 | 70.0 | +6.0 (4.0 to 8.0) |',
    ]);
    expect(rowsOf('frontier-distances')).toEqual(['| 1 | 80.0 | 77.0; −0.1 (−2.1 to 1.9) |']);
  });

  it('of throughput', () => {
    expect(rowsOf('throughput')).toEqual([
      '| made | fast | 20.0 | 50.0 | 6.5 | key | 4.0 | 0.0 | 80.0 | 2.0 |',
      '|  |  |  |  |  | non-key | 3.0 | 5.0 | 10.0 | 1.0 |',
    ]);
  });

  it('of quality', () => {
    expect(rowsOf('quality')[0]).toBe('| MPEG-4 at quantiser 10 | 300 | 60.0 | 62.0; +2.0 (0.0 to 4.0) |');
  });

  it('of agreement', () => {
    expect(rowsOf('agreement')).toEqual([
      '| drive.mp4, 24 frames of 64×48 | H.264 at crf 34 | 5.00 | 20.00 | 0.25 |',
      '|  | half size | 3.00 |  |  |',
      '|  | start weights, per frame | 10.00 |  |  |',
    ]);
    expect(rowsOf('agreement-nonkey')).toEqual(['| drive.mp4 | fast | 1.23 | 0.40 | 0.90 | 2.00 |']);
  });

  it('and pictures are there before anything is measured, empty', () => {
    for (const [name, table] of Object.entries(FRONTIER_TABLES))
      expect(table(new Map())).toMatch(name.includes('picture') ? /^$/ : /\n\| – /);
  });
});

describe('pictures', () => {
  it('are the same every time', () => {
    const charts = drawnCharts(measurements);
    expect(drawnCharts(measurements)).toEqual(charts);
    for (const { svg } of charts) expect(svg).toMatch(/^<svg [^>]*viewBox[^>]*>[\s\S]*fast[\s\S]*<\/svg>\n$/);
    expect(drawnCharts(new Map()).map(({ svg }) => svg)).toEqual([undefined, undefined]);
  });

  it('that are missing, old or of nothing are faults', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'twnet-charts-'));
    const faults = () => chartFaults([{ file: 'a.svg', svg: 'new' }], folder);
    expect(faults()).toEqual(['a.svg: is not what was measured; run npm run documents']);
    await writeFile(join(folder, 'a.svg'), 'old');
    expect(faults()).toHaveLength(1);
    await writeFile(join(folder, 'a.svg'), 'new');
    expect(faults()).toEqual([]);
    expect(chartFaults([{ file: 'a.svg', svg: undefined }], folder)).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});
