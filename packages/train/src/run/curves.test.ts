import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawCurves } from './curves.js';
import type { LogEntry } from './run-folder.js';

const steps = (count: number): LogEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    loss: 2 / (i + 1),
    classification: 1 / (i + 1),
    learningRate: 1e-3 * (1 - i / count),
    milliseconds: 5,
  }));

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
/** Points of the longest line drawn. */
const longestPath = (svg: string): number =>
  Math.max(
    ...[...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d.match(/[ML]|(?<=\d) (?=\d)/g)?.length ?? 0),
  );

describe('drawCurves', () => {
  it('draws loss, rate and validation, each under its name', async () => {
    const svg = drawCurves([...steps(40), { step: 20, mIoU: 0.4 }, { step: 40, mIoU: 0.6 }]);
    for (const name of ['loss', 'classification', 'learning rate', 'validation', 'mIoU'])
      expect(texts(svg)).toContain(name);
    expect(texts(svg)).not.toContain('milliseconds');
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect([width, height]).toEqual([900, 720]);
  });

  it('leaves out what the log does not hold', () => {
    const svg = drawCurves(steps(3));
    expect(texts(svg)).not.toContain('validation');
    expect(() => drawCurves([])).not.toThrow();
  });

  it('thins a long log', () => {
    const [short, long] = [drawCurves(steps(600)), drawCurves(steps(60_000))];
    expect(long.length).toBeLessThan(2 * short.length);
    expect(longestPath(long)).toBeLessThanOrEqual(2 * 601);
  });
});
