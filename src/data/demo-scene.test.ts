import { describe, expect, it } from 'vitest';
import { recodeClip } from '../video/index.js';
import { CAMVID } from './classes.js';
import { renderDemoScene } from './demo-scene.js';
import { Camera } from './scene/camera.js';
import { Film } from './scene/film.js';
import { drawFigure } from './scene/placed.js';
import { makeStreet } from './scene/street.js';
import { Noise } from './scene/texture.js';

const options = { width: 161, height: 120, frames: 3, seed: 5 };
const classId = (name: string): number => CAMVID.classes.indexOf(name);

describe('the rendered street', () => {
  it('is the same for the same seed', () => {
    expect([...renderDemoScene(options)]).toEqual([...renderDemoScene(options)]);
    const [first] = renderDemoScene(options);
    const [other] = renderDemoScene({ ...options, seed: 6 });
    expect(other.labels).not.toEqual(first.labels);
  });

  it('begins alike, however long it gets', () => {
    const [long] = renderDemoScene({ ...options, frames: 400 });
    expect(long).toEqual([...renderDemoScene(options)][0]);
  });

  it('has any size', () => {
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [64, 33],
      [33, 64],
    ]) {
      const [{ pixels, labels }] = renderDemoScene({ ...options, width, height });
      expect([pixels.length, labels.length]).toEqual([3 * width * height, width * height]);
    }
  });

  it("labels every pixel with one of CamVid's classes, and shows most of them", () => {
    const seen = new Set<number>();
    for (const { labels } of renderDemoScene({ ...options, width: 320, height: 240, frames: 45 })) {
      for (const label of labels) seen.add(label);
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(10);
    expect(seen.size).toBeGreaterThanOrEqual(10);
  });

  it('changes moderately from frame to frame', () => {
    const frames = [...renderDemoScene({ ...options, frames: 8 })];
    for (let t = 1; t < frames.length; t++) {
      const change = frames[t].pixels.reduce((sum, v, i) => sum + Math.abs(v - frames[t - 1].pixels[i]), 0);
      const mean = change / frames[t].pixels.length;
      expect(mean).toBeGreaterThan(1);
      expect(mean).toBeLessThan(25);
    }
  });
});

describe('its motion', () => {
  it('keeps surfaces and their labels together: a mark on the road stays a bright mark on the road', () => {
    const size = { width: 480, height: 360 };
    const area = size.width * size.height;
    // The middle of the dash of the centre line that begins at 4 / 0.17 m.
    const mark = { x: 0, z: 4 / 0.17 + 1.5 };
    [...renderDemoScene({ ...size, frames: 30, seed: 5 })].forEach(({ pixels, labels }, t) => {
      const camera = new Camera(size.width, size.height, t / 15);
      const scale = camera.focal / (mark.z - camera.view.z);
      const row = Math.floor(camera.horizon + camera.view.height * scale);
      const at = (x: number): number =>
        row * size.width + Math.floor(camera.centre + (x - camera.view.x) * scale);
      if (t < 10 || row >= size.height) return; // behind other things, or passed
      expect(labels[at(0)]).toBe(classId('road'));
      expect(pixels[at(0)]).toBeGreaterThan(pixels[at(0.3)] + 25);
      expect(pixels[area + at(0)]).toBeGreaterThan(pixels[area + at(0.3)] + 25);
    });
  });

  it('can be followed by a codec: most of a P-frame is predicted', () => {
    const size = { width: 320, height: 240 };
    const frames = [...renderDemoScene({ ...size, frames: 4, seed: 5 })].map(({ pixels }) => pixels);
    const decoded = recodeClip(frames, size);
    for (const { motion } of decoded.slice(1)) {
      let area = 0;
      for (let i = 0; i < motion.count; i++) area += motion.width[i] * motion.height[i];
      expect(area / (320 * 240)).toBeGreaterThan(0.7);
      expect(motion.dx.some((dx) => dx !== 0)).toBe(true);
    }
  });
});

describe('a car', () => {
  const street = makeStreet(5, 100);
  const car = street.figures.find(({ kind, path }) => kind === 'car' && !path);
  const size = { width: 200, height: 150 };

  /** Columns and rows that the car covers, ten metres ahead of a camera in its lane. */
  function covered(heading: number): { wide: number; high: number } {
    const camera = new Camera(size.width, size.height, 0);
    const film = new Film(size.width, size.height, new Noise(5));
    film.clear();
    if (!car) throw new Error('the street has no car');
    const placed = { ...car, x: camera.view.x, z: camera.view.z + 12, heading, height: 1.5, seed: 0 };
    drawFigure(placed, camera, new Noise(5), film);
    const { labels } = film.develop(0);
    const columns = new Set<number>();
    const rows = new Set<number>();
    labels.forEach((label, i) => {
      if (label !== classId('car')) return;
      columns.add(i % size.width);
      rows.add(Math.floor(i / size.width));
    });
    return { wide: columns.size, high: rows.size };
  }

  it('is as wide and high as its solids project', () => {
    // Focal length 190 pixels. From behind, the rear is 1.76 m wide at 9.9 m; across, the side 4.2 m at 11.12 m.
    expect(covered(0).wide).toBeGreaterThanOrEqual(33);
    expect(covered(0).wide).toBeLessThanOrEqual(35);
    expect(covered(-Math.PI / 2).wide).toBeGreaterThanOrEqual(71);
    expect(covered(-Math.PI / 2).wide).toBeLessThanOrEqual(73);
    expect(covered(Math.PI).high).toBeGreaterThan(20);
    expect(covered(Math.PI).high).toBeLessThanOrEqual(30);
  });
});
