import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from './random.js';

/** sfc32 as PractRand defines it, in big integers, with this project's start and seeding. */
function* sfc32(seed: bigint): Generator<bigint> {
  const M = 0xffffffffn;
  let [a, b, c, counter] = [0x9e3779b9n ^ (seed & M), 0x243f6a88n ^ (seed >> 32n), 0xb7e15162n, 1n];
  for (let i = 0; ; i++) {
    const result = (a + b + counter) & M;
    counter = (counter + 1n) & M;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & M;
    c = ((((c << 21n) | (c >> 11n)) & M) + result) & M;
    if (i >= 12) yield result;
  }
}

describe('seeded random numbers', () => {
  it.each([0n, 1n, 7_000_000_000n])('are sfc32 for seed %s', (seed) => {
    const random = seededRandom(Number(seed));
    const reference = sfc32(seed);
    for (let i = 0; i < 1000; i++) expect(random()).toBe(Number(reference.next().value) / 2 ** 32);
  });

  it('differ between neighbouring seeds, in any place', () => {
    const first = (...seeds: number[]): number => seededRandom(...seeds)();
    const drawn = [first(1), first(2), first(1, 0), first(0, 1), first(1, 1), first(1, 0, 0), first()];
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('are even over streams as well as within one', () => {
    const bins = new Uint32Array(10);
    for (let seed = 0; seed < 10_000; seed++) bins[Math.floor(seededRandom(3, seed, 2)() * 10)]++;
    // Chi-squared of 9 degrees of freedom: 27.9 is passed once in a thousand.
    const chi = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(27.9);
  });

  it('shuffle every element once, into every order alike', () => {
    const seen = new Map<string, number>();
    const random = seededRandom(5);
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(3, random).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(shuffled(0, random)).toHaveLength(0);
  });
});
