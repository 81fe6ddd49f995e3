import { randomFrom } from '@twnet/testing/made-motion';
import { Grey, halfAt, moved, noisy, scenery } from '@twnet/testing/made-scenery';
import { describe, expect, it } from 'vitest';
import type { BlockMotion } from '../frame.js';
import { Kernels } from '../kernels/kernels.js';
import { BlockMatcher } from './block-matching.js';

const BLOCK = 16;

function match(first: Grey, second: Grey): BlockMotion {
  return new BlockMatcher(first.width, first.height).between(second.rgb(), first.rgb());
}

/** The pixels that a block is matched by: at the far borders those before a short one's, too. */
function matchedAt(place: number, extent: number): number {
  return Math.min(place, extent - BLOCK);
}

function differenceOf(first: Grey, second: Grey, x: number, y: number, dx: number, dy: number): number {
  let sum = 0;
  for (let row = y; row < y + BLOCK; row++)
    for (let column = x; column < x + BLOCK; column++)
      sum += Math.abs(second.at(column, row) - halfAt(first, column - dx, row - dy));
  return sum;
}

/** How often each pixel is covered. */
function coverage({ count, x, y, width: across, height: down }: BlockMotion, width: number, height: number) {
  const covered = new Uint8Array(width * height);
  for (let b = 0; b < count; b++)
    for (let row = y[b]; row < y[b] + down[b]; row++)
      for (let column = x[b]; column < x[b] + across[b]; column++) covered[row * width + column]++;
  return covered;
}

/** Whether a block's content was within the first picture, with `margin` pixels around it. */
function cameFromInside(
  motion: BlockMotion,
  b: number,
  dx: number,
  dy: number,
  first: Grey,
  margin = 1,
): boolean {
  const left = matchedAt(motion.x[b], first.width) - dx;
  const top = matchedAt(motion.y[b], first.height) - dy;
  const [right, bottom] = [left + BLOCK, top + BLOCK];
  return Math.min(left, top) >= margin && right <= first.width - margin && bottom <= first.height - margin;
}

/** Whether a block has so much contrast that vectors half a pixel beside its motion leave a grey level a pixel. */
function isTold(first: Grey, second: Grey, motion: BlockMotion, b: number, dx: number, dy: number): boolean {
  const [x, y] = [matchedAt(motion.x[b], first.width), matchedAt(motion.y[b], first.height)];
  for (let i = 0; i < 9; i++) {
    const [besideX, besideY] = [((i % 3) - 1) / 2, (Math.floor(i / 3) - 1) / 2];
    if (i !== 4 && differenceOf(first, second, x, y, dx + besideX, dy + besideY) < BLOCK * BLOCK)
      return false;
  }
  return true;
}

const MOTIONS = [
  [0, 0],
  [7, -3],
  [-15, 11],
  [24, 9],
  [-30, -26],
  [0.5, 0],
  [0, -0.5],
  [3.5, -2.5],
  [-6, 1.5],
] as const;

describe('BlockMatcher', () => {
  it.each(
    MOTIONS,
  )('recovers a scenery’s motion by (%d, %d) in every block that was there before', (dx, dy) => {
    const [first, second] = moved(208, 128, dx, dy);
    const motion = match(first, second);
    let inside = 0;
    for (let b = 0; b < motion.count; b++) {
      if (!cameFromInside(motion, b, dx, dy, first) || !isTold(first, second, motion, b, dx, dy)) continue;
      inside++;
      expect([motion.dx[b], motion.dy[b]], `block at ${motion.x[b]}, ${motion.y[b]}`).toEqual([dx, dy]);
    }
    expect(inside).toBeGreaterThan(20);
    expect(motion.direction.every((direction) => direction === -1)).toBe(true);
  });

  it('follows what moves with a vector of its own', () => {
    const [first, second] = moved(208, 128, 3, 1);
    const object = scenery(64, 48, 99);
    for (const [grey, left, top] of [
      [first, 80, 48],
      [second, 80 - 11, 48 + 5],
    ] as const)
      for (let y = 0; y < 48; y++)
        grey.values.set(object.values.subarray(y * 64, (y + 1) * 64), (top + y) * 208 + left);
    const motion = match(first, second);
    let within = 0;
    for (let b = 0; b < motion.count; b++) {
      const [x, y] = [motion.x[b], motion.y[b]];
      if (x < 69 || y < 53 || x + BLOCK > 69 + 64 || y + BLOCK > 53 + 48) continue;
      within++;
      expect([motion.dx[b], motion.dy[b]]).toEqual([-11, 5]);
    }
    expect(within).toBeGreaterThanOrEqual(4);
  });

  it.each([1, 2])('leaves hardly more difference than the best of all vectors (scenery %i)', (seed) => {
    const [width, height, reach] = [112, 80, 12];
    const [still, panned] = moved(width, height, 5, -3, seed);
    const [first, second] = [noisy(still, 3, seed), noisy(panned, 3, seed + 50)];
    // Things that move otherwise, over it.
    for (const [left, top, dx, dy] of [
      [20, 16, -4, 2],
      [64, 40, 9, 6],
    ]) {
      const thing = scenery(30, 30, seed + 20 + left);
      for (let y = 0; y < 30; y++) {
        const line = thing.values.subarray(30 * y, 30 * (y + 1));
        first.values.set(line, (top + y) * width + left);
        second.values.set(line, (top + dy + y) * width + left + dx);
      }
    }
    const motion = match(first, second);
    const ratios: number[] = [];
    let [found, optimum] = [0, 0];
    for (let b = 0; b < motion.count; b++) {
      const [x, y] = [matchedAt(motion.x[b], width), matchedAt(motion.y[b], height)];
      const sum = differenceOf(first, second, x, y, motion.dx[b], motion.dy[b]);
      let least = Number.POSITIVE_INFINITY;
      for (let dy = -reach; dy <= reach; dy++)
        for (let dx = -reach; dx <= reach; dx++)
          least = Math.min(least, differenceOf(first, second, x, y, dx, dy));
      found += sum;
      optimum += least;
      ratios.push(sum / least);
    }
    expect(motion.count).toBeGreaterThan(30);
    expect(found).toBeLessThan(1.05 * optimum);
    expect(ratios.filter((ratio) => ratio > 1.2).length).toBeLessThanOrEqual(0.1 * ratios.length);
  });

  it('gives no vector to what was not there before, and one to all else', () => {
    const [first, second] = moved(208, 128, 3, -2);
    // A calm surface and a grained one, over whole blocks.
    const random = randomFrom(5);
    const isNew = (x: number, y: number) => x >= 48 && x < 112 && y >= 32 && y < 80;
    for (let y = 0; y < 128; y++)
      for (let x = 0; x < 208; x++)
        if (isNew(x, y)) second.values[y * 208 + x] = x < 80 ? 250 : 200 + 40 * random();
    const covered = coverage(match(first, second), 208, 128);
    for (let y = 0; y < 128; y++)
      for (let x = 0; x < 208; x++) {
        if (isNew(x, y)) expect(covered[y * 208 + x]).toBe(0);
        else if (Math.min(x, y, 207 - x, 127 - y) >= BLOCK) expect(covered[y * 208 + x]).toBe(1);
      }
  });

  it('finds hardly anything between pictures that have nothing in common', () => {
    const random = randomFrom(8);
    const [first, second] = [0, 1].map(
      () =>
        new Grey(
          208,
          128,
          new Uint8Array(208 * 128).map(() => 256 * random()),
        ),
    );
    // Half pixels, which are means of noise, come near the mean of all.
    expect(match(first, second).count).toBeLessThan(0.3 * 13 * 8);
  });

  it.each([
    [16, 16],
    [17, 16],
    [16, 35],
    [70, 52],
    [161, 113],
  ])('covers a picture of %i×%i to its border, each pixel once', (width, height) => {
    const [first, second] = moved(width, height, 1, 0);
    const motion = match(first, second);
    expect(Math.max(...coverage(motion, width, height))).toBe(1);
    expect(coverage(motion, width, height).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(
      0.7 * width * height,
    );
    for (let b = 0; b < motion.count; b++) {
      expect(motion.x[b] + motion.width[b]).toBeLessThanOrEqual(width);
      expect(motion.y[b] + motion.height[b]).toBeLessThanOrEqual(height);
    }
    // Nothing moves: nothing is new either.
    const still = match(first, first);
    expect(coverage(still, width, height).every((n) => n === 1)).toBe(true);
    expect(still.dx.every((v) => Object.is(v, 0)) && still.dy.every((v) => Object.is(v, 0))).toBe(true);
  });

  it('has calm areas move as what is around them, whatever their noise', () => {
    const [width, height] = [240, 160];
    const pictures = moved(width, height, 6, 3);
    // A road without marks, which moves with all else.
    pictures.forEach((grey, t) => {
      for (let y = 58; y < 134; y++) {
        const row = (y + 3 * t) * width + 6 * t;
        grey.values.fill(110, row + 38, row + 198);
      }
    });
    const motion = match(noisy(pictures[0], 2, 1), noisy(pictures[1], 2, 2));
    let [calm, along] = [0, 0];
    for (let b = 0; b < motion.count; b++) {
      const [x, y] = [motion.x[b], motion.y[b]];
      if (x < 48 || x + BLOCK > 192 || y < 64 || y + BLOCK > 128) continue;
      calm++;
      if (Math.hypot(motion.dx[b] - 6, motion.dy[b] - 3) <= 1.5) along++;
    }
    expect(calm).toBe(9 * 4);
    expect(along / calm).toBeGreaterThan(0.8);
  });

  it('takes luma lines that are longer than the picture is wide, as decoders have them', () => {
    const [first, second] = moved(100, 60, 4, -2);
    const matcher = new BlockMatcher(100, 60);
    for (const grey of [first, second]) {
      const lines = new Uint8Array(128 * 59 + 100).fill(255);
      for (let y = 0; y < 60; y++) lines.set(grey.values.subarray(y * 100, (y + 1) * 100), y * 128);
      matcher.takeLuma(lines, 128);
    }
    expect(matcher.motion()).toEqual(match(first, second));
  });

  it('looks at all three planes of RGB', () => {
    const [first, second] = moved(96, 64, 5, 2);
    for (let plane = 0; plane < 3; plane++) {
      const [before, now] = [first, second].map((grey) => {
        const pixels = new Uint8Array(3 * 96 * 64).fill(100);
        pixels.set(grey.values, plane * 96 * 64);
        return pixels;
      });
      const motion = new BlockMatcher(96, 64).between(now, before);
      const right = Array.from(motion.dx, (dx, b) => dx === 5 && motion.dy[b] === 2);
      expect(right.filter((yes) => yes).length / motion.count).toBeGreaterThan(0.7);
    }
  });

  it('gives the same for the same pictures: a pair whatever came before, a video from its start', () => {
    const world = scenery(400, 300, 3);
    const pictures = Array.from({ length: 5 }, (_, t) =>
      world.window(100 - 5 * t, 80 + 3 * t, 180, 120).rgb(),
    );
    const matcher = new BlockMatcher(180, 120);
    const pair = new BlockMatcher(180, 120).between(pictures[2], pictures[0]);
    matcher.between(pictures[4], pictures[1]);
    expect(matcher.between(pictures[2], pictures[0])).toEqual(pair);
    const along = () => {
      const video = new BlockMatcher(180, 120);
      return pictures.map((pixels) => {
        video.takeRgb(pixels);
        return video.motion();
      });
    };
    const [once, again] = [along(), along()];
    expect(once).toEqual(again);
    expect(once[0].count).toBe(0);
    for (const motion of once.slice(1)) {
      const inside = Array.from(motion.x, (_, b) => cameFromInside(motion, b, 5, -3, new Grey(180, 120)));
      expect(inside.filter((yes) => yes).length).toBeGreaterThan(20);
      inside.forEach((yes, b) => {
        if (yes) expect([motion.dx[b], motion.dy[b]]).toEqual([5, -3]);
      });
    }
  });

  it('takes no more memory along a video, and leaves what it gave alone', () => {
    const kernels = new Kernels();
    const world = scenery(300, 200, 4);
    const matcher = new BlockMatcher(150, 90, kernels);
    const bytes = () => kernels.bytes(0, 1).buffer.byteLength;
    let early = 0;
    let kept: { motion: BlockMotion; copy: BlockMotion } | undefined;
    for (let t = 0; t < 60; t++) {
      matcher.takeRgb(world.window(60 + (t % 9), 40 + (t % 5), 150, 90).rgb());
      const motion = matcher.motion();
      if (t === 2) {
        early = bytes();
        kept = { motion, copy: structuredClone(motion) };
      }
    }
    expect(bytes()).toBe(early);
    expect(kept?.motion).toEqual(kept?.copy);
  });

  it('refuses what is no picture', () => {
    expect(() => new BlockMatcher(15, 40)).toThrow(/15×40 have no block/);
    const matcher = new BlockMatcher(40, 30);
    expect(() => matcher.takeRgb(new Uint8Array(40 * 30))).toThrow(/no planar RGB picture of 40×30/);
    expect(() => matcher.takeLuma(new Uint8Array(40 * 29))).toThrow(/no luma of 40×30/);
    expect(() => matcher.takeLuma(new Uint8Array(40 * 30), 39)).toThrow(/no luma of 40×30/);
  });
});
