import { describe, expect, it } from 'vitest';
import type { Judged } from './judge.js';
import { best, isKept } from './ways.js';

const judged = (name: string, agreement: number, framesPerSecond: number, options?: string): Judged => ({
  ...{ name, agreement, framesPerSecond, frames: 25, keyFrameShare: 0.1, flicker: 0, worst: [] },
  ...(options === undefined ? {} : { options }),
});
const OWN = judged('the network on every frame', 1, 5, '--per-frame');
const SIX = judged('one in 6', 0.97, 15, '--speed fast --key-frames every:6');
const TWELVE = judged('one in 12', 0.95, 30, '--speed fast --key-frames every:12');
const WARPED = (agreement: number) => judged('scores warped from the key frame before', agreement, 60);
const ADAPTED = (agreement: number) => judged('the same, adapted', agreement, 40, '--speed causal');

describe('what is recommended', () => {
  it('is the fastest of which enough labels agree, and never what no option gives', () => {
    expect(best([OWN, SIX, TWELVE, WARPED(0.965), ADAPTED(0.95)])).toBe(SIX);
    const learnt = ADAPTED(0.97);
    expect(best([OWN, SIX, TWELVE, WARPED(0.965), learnt])).toBe(learnt);
  });

  it('is what agrees most where none does enough, and the network itself where nothing is faster', () => {
    const slow = judged('slow', 0.99, 4, '--speed accurate');
    expect(best([OWN, slow, TWELVE])).toBe(TWELVE);
    expect(best([OWN, slow])).toBe(OWN);
  });

  it('is not what was learnt where that is left out', () => {
    const ways = [OWN, TWELVE, WARPED(0.98), ADAPTED(0.97)];
    expect(isKept(ways)).toBe(false);
    expect(best(ways)).toBe(TWELVE);
    expect(isKept([OWN, TWELVE])).toBe(false);
  });
});
