import { describe, expect, it } from 'vitest';
import { CAMVID, CITYSCAPES, IGNORE_LABEL } from '../classes.js';
import { Overlay } from './overlay.js';

describe('Overlay', () => {
  it('mixes each class’s colour with the picture and leaves ignored pixels alone', () => {
    const pixels = Uint8Array.from([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    const labels = Uint8Array.from([1, 3, IGNORE_LABEL]);
    const palette = [
      [0, 0, 0],
      [128, 0, 0],
      [0, 0, 0],
      [128, 64, 128],
    ] as const;
    const drawn = new Overlay(palette, 0.5).draw(pixels, labels);
    expect([...drawn]).toEqual([69, 74, 30, 20, 57, 60, 35, 104, 90]);
  });

  it('is the picture at opacity 0 and the colours at 1', () => {
    const pixels = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256);
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 19);
    expect(new Overlay(CITYSCAPES.palette, 0).draw(pixels, labels)).toEqual(pixels);
    const colours = new Overlay(CITYSCAPES.palette, 1).draw(pixels, labels);
    labels.forEach((label, i) => {
      expect([colours[i], colours[100 + i], colours[200 + i]]).toEqual(CITYSCAPES.palette[label]);
    });
  });

  it('can draw in place and refuses sizes that do not fit', () => {
    const pixels = new Uint8Array(30).fill(100);
    const expected = new Overlay(CAMVID.palette).draw(pixels, new Uint8Array(10));
    expect(new Overlay(CAMVID.palette).draw(pixels, new Uint8Array(10), pixels)).toBe(pixels);
    expect(pixels).toEqual(expected);
    expect(() => new Overlay(CAMVID.palette).draw(pixels, new Uint8Array(9))).toThrow(RangeError);
  });

  it('is what a loop over the pixels gives, labels enlarged by repetition', () => {
    const [width, height, columns, rows] = [37, 21, 13, 8];
    const area = width * height;
    const pixels = Uint8Array.from({ length: 3 * area }, (_, i) => (i * 31 + (i >> 3)) % 256);
    const labels = Uint8Array.from({ length: columns * rows }, (_, i) => (i * 5) % 21);
    labels[4] = IGNORE_LABEL;
    const size = { width, height };
    const labelSize = { width: columns, height: rows };
    for (const opacity of [0.25, 0.5, 0.9]) {
      const drawn = new Overlay(CITYSCAPES.palette, opacity).draw(pixels, labels, undefined, {
        size,
        labelSize,
      });
      const share = Math.round(256 * opacity) / 256;
      for (let i = 0; i < 3 * area; i++) {
        const [plane, y, x] = [Math.floor(i / area), Math.floor((i % area) / width), i % width];
        const [row, column] = [((y + 0.5) * rows) / height, ((x + 0.5) * columns) / width];
        const colour = CITYSCAPES.palette[labels[Math.floor(row) * columns + Math.floor(column)]]?.[plane];
        const mixed = colour === undefined ? pixels[i] : (1 - share) * pixels[i] + share * colour;
        expect(Math.abs(drawn[i] - mixed)).toBeLessThanOrEqual(0.5);
      }
    }
  });

  it('lays the legend over the picture', () => {
    const [width, height] = [20, 10];
    const box = { width: 20, height: 2, left: 0, top: 8 };
    const planes = [200, 100, 50, 255].flatMap((value) => Array(40).fill(value));
    const pixels = Uint8Array.from(planes);
    pixels[120] = 0;
    const overlay = new Overlay([], 0.5, { ...box, pixels });
    const drawn = overlay.draw(new Uint8Array(600).fill(7), new Uint8Array(200), undefined, {
      size: { width, height },
    });
    expect([drawn[159], drawn[160], drawn[161]]).toEqual([7, 7, 200]);
    expect([drawn[399], drawn[199 + 200], drawn[599]]).toEqual([100, 100, 50]);
  });

  it('refuses an opacity that is no share', () => {
    expect(() => new Overlay(CAMVID.palette, 1.5)).toThrow(RangeError);
    expect(() => new Overlay(CAMVID.palette, Number.NaN)).toThrow(RangeError);
  });
});
