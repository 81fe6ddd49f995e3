import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { growthChart } from './growth-chart.js';

describe('growthChart', () => {
  const chart = (log: boolean) =>
    growthChart({
      x: { name: 'pixels', log },
      y: { name: 'ms', log },
      lines: [
        {
          name: 'per frame',
          points: [
            [100, 10],
            [400, 41],
          ],
          fitted: (pixels) => pixels / 10,
        },
      ],
      label: 'time over pixels',
    });

  it.each([true, false])('draws points and their fit (logarithmic: %s)', (log) => {
    const svg = chart(log);
    expect(svg).toMatch(/^<svg[\s\S]*aria-label="time over pixels"[\s\S]*<\/svg>\s*$/);
    for (const text of ['pixels', 'ms']) expect(svg).toContain(text);
    expect(svg.match(/>per frame</g)).toHaveLength(1);
    expect(svg).toContain('stroke-dasharray');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('is a file that opens', async () => {
    const { width, height } = await sharp(Buffer.from(chart(true))).metadata();
    expect([width, height]).toEqual([720, 320]);
  });
});
