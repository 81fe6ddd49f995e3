import { describe, expect, it } from 'vitest';
import { CAMVID, CITYSCAPES, IGNORE_LABEL } from '../data/classes.js';
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
});
