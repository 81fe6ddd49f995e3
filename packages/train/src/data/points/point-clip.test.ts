import { IGNORE_LABEL } from '@twnet/core/classes';
import { seededRandom } from '@twnet/core/random';
import { CLIP_CODECS } from '@twnet/node/video/clip-codecs';
import { movingTexture } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { drawPointClip, wantedFrames } from './draw-point-clip.js';
import { type ClipPictures, LABEL_STRIDE, pointClip } from './point-clip.js';

const SOURCE = { width: 200, height: 144 };
const size = { width: 128, height: 128 };

/** Pictures whose brightness says where: x in red, y in green; labels are columns of 40 pixels. Each moves 3 to the left. */
function pictures(count: number): ClipPictures {
  const { width, height } = SOURCE;
  const area = width * height;
  const of = (t: number) => {
    const pixels = new Uint8Array(3 * area).fill(128);
    const labels = new Uint8Array(area);
    for (let i = 0; i < area; i++) {
      const [x, y] = [(i % width) + 3 * t, Math.floor(i / width)];
      pixels[i] = 20 + x;
      pixels[area + i] = 20 + y + 20 * (x % 16 > 8 ? 1 : 0);
      labels[i] = Math.floor(x / 40);
    }
    return { pixels, labels };
  };
  const frames = Array.from({ length: count }, (_, t) => of(t));
  return {
    ...SOURCE,
    frames: frames.map(({ pixels }) => pixels),
    labels: frames.map(({ labels }) => labels),
  };
}

/** Mean of |a − b| over the red plane. */
const redDifference = (a: Uint8Array, b: Uint8Array): number => {
  const area = a.length / 3;
  return a.subarray(0, area).reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / area;
};

/** The red plane at a place of a picture. */
const redAt = (pixels: Uint8Array, width: number, x: number, y: number): number => pixels[y * width + x];

describe('pointClip', () => {
  const window = { left: 40, top: 16, width: 128, height: 128, flip: false };
  const coding = { codec: 'mpeg4', quality: 2 } as const;

  for (const codec of CLIP_CODECS)
    it(`ends with a key frame, and has its picture: ${codec}`, () => {
      const options = { window, size, enlarged: false, coding: { codec, quality: 20 }, wanted: [2] };
      const clip = pointClip(pictures(5), { ...options, closed: true });
      expect(clip.frames.map(({ pictureType }) => pictureType)).toEqual(['I', 'P', 'P', 'P', 'I']);
      expect([...clip.decoded.keys()]).toEqual([0, 4]);
      expect(clip.decoded.get(4)).toHaveLength(3 * 128 * 128);
    });

  for (const enlarged of [true, false])
    it(`has pictures of both sizes, ${enlarged ? 'coded small and enlarged' : 'coded large'}`, () => {
      const source = pictures(4);
      const clip = pointClip(source, { window, size, enlarged, coding, wanted: [3, 1], perFrame: true });
      expect(clip.frames.map(({ pictureType }) => pictureType)).toEqual(['I', 'P', 'P', 'P']);
      for (const { width, height, pixels } of clip.frames)
        expect([width, height, pixels.length]).toEqual([64, 64, 3 * 64 * 64]);
      expect([...clip.clean.keys()]).toEqual([3, 1]);
      expect([...clip.decoded.keys()]).toEqual([0, 3, 1]);
      for (const t of [3, 1]) {
        const [clean, decoded] = [clip.clean.get(t)!, clip.decoded.get(t)!];
        expect(clean).toHaveLength(3 * 128 * 128);
        expect(decoded).not.toEqual(clean);
        expect(redDifference(clean, decoded)).toBeLessThan(3);
        // Pixel (64, 64) of the key frame's picture is (104, 80) of the source.
        for (const pixels of [clean, decoded])
          expect(Math.abs(redAt(pixels, 128, 64, 64) - (20 + 104 + 3 * t))).toBeLessThan(4);
        expect(Math.abs(redAt(clip.frames[t].pixels, 64, 32, 32) - (20 + 104.5 + 3 * t))).toBeLessThan(4);
      }
    });

  for (const codec of CLIP_CODECS)
    it(`has ${codec}'s motion in pixels of the frames`, () => {
      for (const enlarged of [true, false]) {
        const options = { window, size, enlarged, coding: { codec, quality: 4 }, wanted: [1] };
        const { motion } = pointClip(movingTexture(200, 144, 3, -3, 0), options).frames[2];
        const middle = [...motion.dx].sort((a, b) => a - b)[motion.count >> 1];
        // What is at x was at x + 3 of the source before, which is 1.5 pixels of a frame.
        expect(motion.count).toBeGreaterThan(0);
        expect(Math.abs(middle + 1.5)).toBeLessThanOrEqual(0.51);
        for (let b = 0; b < motion.count; b++) expect(motion.x[b]).toBeLessThan(64);
      }
    });

  it('has the labels of its window, mirrored with it; ignored where there are none', () => {
    const options = { window, size, enlarged: false, coding, wanted: [1] };
    const { labels } = pointClip(pictures(2), options);
    const columns = 128 / LABEL_STRIDE;
    expect(labels[1]).toHaveLength(columns * columns);
    expect(labels[1].every((label, i) => label === Math.floor((42 + 4 * (i % columns) + 3) / 40))).toBe(true);
    const mirrored = pointClip(pictures(2), { ...options, window: { ...window, flip: true } });
    for (const row of [0, 9]) {
      const of = (all: Uint8Array) => [...all.subarray(row * columns, (row + 1) * columns)];
      const shifted = of(mirrored.labels[1]).toReversed();
      expect(shifted.filter((label, i) => label !== of(labels[1])[i]).length).toBeLessThan(3);
    }
    expect(
      redDifference(mirrored.clean.get(1)!, pointClip(pictures(2), options).clean.get(1)!),
    ).toBeGreaterThan(9);
    const { labels: _, ...unlabelled } = pictures(2);
    expect(pointClip(unlabelled, options).labels[1].every((label) => label === IGNORE_LABEL)).toBe(true);
  });
});

describe('what is drawn for a clip', () => {
  const rules = {
    size,
    scale: [0.5, 2] as const,
    enlarged: 0.5,
    flip: true,
    coding: { codecs: CLIP_CODECS, mpeg4: [2, 12], h264: [18, 38], hevc: [18, 38] } as const,
    length: 12,
    closed: false,
    samples: 6,
  };

  it('lies in the source and has the proportions of the size', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200; index++) {
      const { window, enlarged, coding } = drawPointClip(SOURCE, rules, seededRandom(1, index));
      const { left, top, width, height } = window;
      expect(left >= 0 && top >= 0 && left + width <= SOURCE.width && top + height <= SOURCE.height).toBe(
        true,
      );
      expect(Math.abs(width - height)).toBeLessThanOrEqual(1);
      seen.add(`${coding.codec} ${enlarged} ${window.flip}`);
      const [finest, coarsest] = rules.coding[coding.codec!];
      expect(coding.quality! >= finest && coding.quality! <= coarsest).toBe(true);
    }
    expect(seen.size).toBe(12);
  });

  it('are frames after the key frame, each once', () => {
    const drawn = wantedFrames(12, 6, seededRandom(3));
    expect(new Set(drawn).size).toBe(6);
    expect(Math.min(...drawn)).toBeGreaterThan(0);
    expect(Math.max(...drawn)).toBeLessThan(12);
    expect(wantedFrames(4, 9, seededRandom(3)).toSorted()).toEqual([1, 2, 3]);
  });
});
