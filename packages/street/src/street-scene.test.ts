import { CAMVID } from '@twnet/core/classes';
import { describe, expect, it } from 'vitest';
import { type StreetFrame, StreetScene } from './street-scene.js';

const size = { width: 160, height: 120 };
const area = size.width * size.height;

function framesOf(seed: number, count: number, frameRate = 15): StreetFrame[] {
  const scene = new StreetScene({ seed, ...size, frameRate });
  return Array.from({ length: count }, (_, index) => scene.frame(index));
}

describe('a street scene', () => {
  it('is the same for the same seed, however its frames are asked for', () => {
    const [, , third] = framesOf(5, 3);
    expect(new StreetScene({ seed: 5, ...size }).frame(2)).toEqual(third);
    const scene = new StreetScene({ seed: 5, ...size });
    scene.frame(4);
    expect(scene.frame(2)).toEqual(third);
  });

  it('is another street, light and drive for another seed', () => {
    const seen = Array.from({ length: 6 }, (_, seed) => {
      const scene = new StreetScene({ seed, ...size });
      const { pixels, labels } = scene.frame(0);
      const brightness = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      return { labels, brightness, sun: scene.weather.sun.join() };
    });
    expect(new Set(seen.map(({ sun }) => sun)).size).toBe(6);
    expect(new Set(seen.map(({ brightness }) => Math.round(4 * brightness))).size).toBeGreaterThan(3);
    for (const { labels } of seen.slice(1)) {
      const same = labels.filter((label, i) => label === seen[0].labels[i]).length;
      expect(same / area).toBeLessThan(0.9);
    }
  });

  it('has any size', () => {
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [64, 33],
      [33, 64],
    ]) {
      const { pixels, labels, dx, dy, occluded } = new StreetScene({ seed: 3, width, height }).frame(0);
      expect(pixels).toHaveLength(3 * width * height);
      for (const map of [labels, dx, dy, occluded]) expect(map).toHaveLength(width * height);
    }
    expect(() => new StreetScene({ seed: 1, width: 0, height: 9 })).toThrow(RangeError);
  });

  it('shows all classes, the large ones about as large as CamVid’s', () => {
    const counts = new Float64Array(CAMVID.classes.length);
    for (let seed = 0; seed < 24; seed++) {
      for (const label of new StreetScene({ seed, ...size }).frame(0).labels) counts[label]++;
    }
    const share = (name: string): number => counts[CAMVID.classes.indexOf(name)] / (24 * area);
    for (const name of CAMVID.classes) expect(share(name), name).toBeGreaterThan(0.001);
    for (const [name, least, most] of [
      ['sky', 0.06, 0.3],
      ['building', 0.12, 0.4],
      ['road', 0.2, 0.45],
      ['tree', 0.05, 0.25],
      ['car', 0.02, 0.16],
    ] as const) {
      expect(share(name), name).toBeGreaterThan(least);
      expect(share(name), name).toBeLessThan(most);
    }
  });

  it('drives at one speed whatever the frame rate', () => {
    const slow = framesOf(9, 3, 10);
    const fast = new StreetScene({ seed: 9, ...size, frameRate: 20 });
    expect(fast.frame(4).labels).toEqual(slow[2].labels);
  });

  it('forgets the street behind', () => {
    // A frame a second: 900 m and many blocks.
    const scene = new StreetScene({ seed: 2, width: 16, height: 12, frameRate: 0.5 });
    let most = 0;
    for (let index = 0; index < 60; index++) {
      scene.frame(index);
      most = Math.max(most, scene.blocksHeld);
    }
    expect(most).toBeLessThan(8);
  });
});

/** Nearest pixel of the frame before, by the exact motion. */
function sourceOf({ dx, dy }: StreetFrame, i: number): number {
  const x = Math.round((i % size.width) - dx[i]);
  const y = Math.round(Math.floor(i / size.width) - dy[i]);
  return y * size.width + x;
}

describe('exact motion', () => {
  const frames = [3, 4, 8].map((seed) => framesOf(seed, 4));

  it('carries labels from frame to frame where nothing was hidden', () => {
    for (const clip of frames) {
      for (let t = 1; t < clip.length; t++) {
        let [seen, wrong] = [0, 0];
        clip[t].labels.forEach((label, i) => {
          if (clip[t].occluded[i] === 1) return;
          seen++;
          if (clip[t - 1].labels[sourceOf(clip[t], i)] !== label) wrong++;
        });
        expect(wrong).toBe(0);
        expect(seen / area).toBeGreaterThan(0.6);
      }
    }
  });

  it('carries colours better than standing still does', () => {
    let [carried, stayed] = [0, 0];
    for (const [before, frame] of frames.flatMap((clip) =>
      clip.slice(1).map((f, t) => [clip[t], f] as const),
    )) {
      for (let i = 0; i < area; i++) {
        if (frame.occluded[i] === 1) continue;
        carried += Math.abs(frame.pixels[area + i] - before.pixels[area + sourceOf(frame, i)]);
        stayed += Math.abs(frame.pixels[area + i] - before.pixels[area + i]);
      }
    }
    expect(carried).toBeLessThan(0.75 * stayed);
  });

  it('is continuous: followed back twice, a point of the road is where the frames between say', () => {
    // A road point’s own motion changes little from frame to frame, and the mask is not everything.
    for (const [, , second, third] of frames) {
      let [sum, count] = [0, 0];
      for (let i = 0; i < area; i++) {
        if (third.occluded[i] === 1 || third.labels[i] !== CAMVID.classes.indexOf('road')) continue;
        const j = sourceOf(third, i);
        sum += Math.hypot(third.dx[i] - second.dx[j], third.dy[i] - second.dy[j]);
        count++;
      }
      expect(sum / count).toBeLessThan(1);
    }
  });

  it('stands still where the camera is fixed, and what lives in the street goes on', () => {
    const scene = new StreetScene({ seed: 1, ...size, frameRate: 2, fixed: true });
    const [first, second] = scene.frames(2);
    const moving = second.dx.map((dx, i) => Number(Math.hypot(dx, second.dy[i]) > 1e-3));
    const still = moving.reduce((count, value) => count + 1 - value, 0);
    expect(still / moving.length).toBeGreaterThan(0.7);
    expect(still).toBeLessThan(moving.length);
    // Where nothing moved and nothing was hidden, the same surface is seen.
    let changed = 0;
    for (let i = 0; i < moving.length; i++)
      if (!moving[i] && !second.occluded[i] && first.labels[i] !== second.labels[i]) changed++;
    expect(changed).toBe(0);
  });
});
