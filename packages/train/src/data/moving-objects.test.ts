import { CAMVID, IGNORE_LABEL } from '@twnet/core/classes';
import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import type { Still } from './camvid.js';
import { drawMovingObjects } from './moving-objects.js';

const WIDTH = 40;
const HEIGHT = 20;
const [road, car] = ['road', 'car'].map((name) => CAMVID.classes.indexOf(name));

/** A road, brighter to the right, with boxes [left, top, right, bottom] (inclusive) of black cars. */
function stillWith(...boxes: (readonly [number, number, number, number])[]): Still {
  const area = WIDTH * HEIGHT;
  const labels = new Uint8Array(area).fill(road);
  const pixels = Uint8Array.from({ length: 3 * area }, (_, i) => 50 + 4 * (i % WIDTH));
  for (const [left, top, right, bottom] of boxes) {
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        labels[y * WIDTH + x] = car;
        for (let plane = 0; plane < 3; plane++) pixels[plane * area + y * WIDTH + x] = 0;
      }
    }
  }
  return { name: 'cars', width: WIDTH, height: HEIGHT, pixels, labels };
}

/** The first draw in which `count` things move. */
function drawn(still: Still, count: number) {
  for (let seed = 0; seed < 100; seed++) {
    const moving = drawMovingObjects(still, seededRandom(seed));
    if (moving.objects.length === count) return moving;
  }
  throw new Error(`no draw moves ${count} things`);
}

describe('things that move on their own', () => {
  it('are whole components, apart from each other, with their bounds', () => {
    const { objects, ids } = drawn(stillWith([4, 5, 11, 12], [20, 6, 27, 11]), 2);
    expect(objects[0]).toMatchObject({ id: 1, left: 4, top: 5, right: 11, bottom: 12 });
    expect(objects[1]).toMatchObject({ id: 2, left: 20, top: 6, right: 27, bottom: 11 });
    expect([1, 2].map((id) => ids.filter((each) => each === id).length)).toEqual([64, 48]);
    expect(ids[5 * WIDTH + 4]).toBe(1);
    expect(ids[5 * WIDTH + 12]).toBe(0);
  });

  it('leave ground behind that runs on from left to right, labels too', () => {
    const { ground } = drawn(stillWith([4, 5, 11, 12]), 1);
    expect(ground.labels.every((label) => label === road)).toBe(true);
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      expect(Math.abs(ground.pixels[i] - (50 + 4 * (i % WIDTH)))).toBeLessThanOrEqual(1);
    }
  });

  it('at the picture’s edge are filled from the other side; across the whole width they leave the unknown', () => {
    const atEdge = drawn(stillWith([0, 5, 7, 12]), 1).ground;
    expect(atEdge.labels.every((label) => label === road)).toBe(true);
    expect(atEdge.pixels[6 * WIDTH]).toBe(50 + 4 * 8);
    const across = drawn(stillWith([0, 5, WIDTH - 1, 6]), 1).ground;
    expect(across.labels.filter((label) => label === IGNORE_LABEL)).toHaveLength(2 * WIDTH);
  });

  it('are neither specks nor most of the picture, nor what stands', () => {
    const boxes = [[2, 2, 6, 8] as const, [10, 0, 39, 19] as const];
    for (let seed = 0; seed < 20; seed++) {
      const still = stillWith(...boxes);
      const { objects, ground } = drawMovingObjects(still, seededRandom(seed));
      expect(objects).toHaveLength(0);
      expect(ground.pixels).toEqual(still.pixels);
    }
  });
});
