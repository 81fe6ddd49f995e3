import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import type { Legend } from '@twnet/core/segment/overlay';
import { describe, expect, it } from 'vitest';
import { drawLegend } from './legend.js';
import { textWidth } from './text-outlines.js';

const named = (classes: readonly string[]) => classes.map((name, id) => ({ id, name }));
const SIZE = { width: 960, height: 540 };

/** Pixels of a legend with a bright, opaque letter or swatch. */
function count({ pixels, width, height }: Legend, is: (r: number, g: number, b: number) => boolean): number {
  const area = width * height;
  let sum = 0;
  for (let i = 0; i < area; i++) if (is(pixels[i], pixels[area + i], pixels[2 * area + i])) sum++;
  return sum;
}
const white = (r: number, g: number, b: number) => r > 240 && g > 240 && b > 240;

describe('drawLegend', () => {
  it('shows a swatch of every colour and letters, along the lower edge', async () => {
    const legend = (await drawLegend(named(CAMVID.classes), CAMVID.palette, SIZE))!;
    expect(legend).toMatchObject({ left: 0, width: 960, top: 540 - legend.height });
    expect(legend.height).toBeLessThan(540 / 4);
    for (const colour of CAMVID.palette) {
      const like = (...rgb: number[]) => rgb.every((v, i) => Math.abs(v - colour[i]) < 3);
      expect(count(legend, like)).toBeGreaterThan(100);
    }
    expect(count(legend, white)).toBeGreaterThan(500);
  });

  it('draws other letters for other names, beyond ASCII too', async () => {
    const draw = async (name: string) => (await drawLegend(named([name]), [[0, 0, 0]], SIZE))!.pixels;
    const drawn = await Promise.all(['car', 'cat', 'Straße', 'дорога', '<&>'].map(draw));
    for (const [i, one] of drawn.entries())
      for (const other of drawn.slice(i + 1)) expect(Buffer.compare(one, other)).not.toBe(0);
    expect(textWidth('mm', 20)).toBeGreaterThan(textWidth('ii', 20));
  });

  it.each([
    [320, 180],
    [180, 320],
    [1242, 374],
    [3840, 2160],
    [97, 165],
  ])('fits %d×%d or is left out', async (width, height) => {
    for (const { classes, palette } of [CAMVID, CITYSCAPES]) {
      const legend = await drawLegend(named(classes), palette, { width, height });
      if (!legend) continue;
      expect(legend.height).toBeLessThanOrEqual(height / 4);
      expect(legend.width).toBe(width);
      expect(legend.pixels).toHaveLength(4 * legend.width * legend.height);
    }
  });

  it('is left out where it would hide too much, or there is nothing to say', async () => {
    expect(
      await drawLegend(named(CAMVID.classes), CAMVID.palette, { width: 96, height: 64 }),
    ).toBeUndefined();
    expect(await drawLegend([], [], SIZE)).toBeUndefined();
  });
});
