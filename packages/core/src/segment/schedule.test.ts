import { madeFrame } from '@twnet/testing/scripted-networks';
import { describe, expect, it } from 'vitest';
import { KeyFrameSchedule, type ScheduleOptions } from './schedule.js';

const adaptive = (threshold: number, more = {}) =>
  ({ keyFrames: { mode: 'adaptive', threshold }, ...more }) as const;

/** Runs a schedule over frames with a mean residual each; gives K and the reason of key frames, else the distance. */
function reasoned(frames: string, residuals: readonly number[], options: ScheduleOptions): string[] {
  const schedule = new KeyFrameSchedule(options);
  return [...frames].map((letter, index) => {
    const { reason, distance } = schedule.plan(madeFrame(letter, index), () => residuals[index]);
    return reason ?? String(distance);
  });
}

/**
 * Runs a schedule over frames written as letters: I, P, B; lower case i, p, b for a discontinuity; x a P-frame
 * and y a B-frame without any vector into the past. Gives K for key frames, else the distance.
 */
function planned(frames: string, options: ScheduleOptions): string {
  const schedule = new KeyFrameSchedule(options);
  return [...frames]
    .map((letter, index) => {
      const plan = schedule.plan(madeFrame(letter, index));
      expect(plan.kind === 'key').toBe(plan.distance === 0);
      return plan.kind === 'key' ? 'K' : String(plan.distance);
    })
    .join('');
}

const codec = { keyFrames: { mode: 'codec' } } as const;
const every = (n: number) => ({ keyFrames: { mode: 'every', n } }) as const;

describe('KeyFrameSchedule', () => {
  it('takes the codec’s I-frames', () => {
    expect(planned('IPPPIPP', codec)).toBe('K123K12');
  });

  it('starts with a key frame whatever comes first, and afresh after a discontinuity', () => {
    expect(planned('PPPP', codec)).toBe('K123');
    expect(planned('IPPpPPI', codec)).toBe('K12K12K');
    expect(planned('IPPiP', every(10))).toBe('K12K1');
  });

  it('propagates B-frames from the I- or P-frame before them and never from them', () => {
    expect(planned('IBBPBBPI', codec)).toBe('K123456K');
    const schedule = new KeyFrameSchedule(codec);
    const kept = [...'IBBP'].map((letter, index) => schedule.plan(madeFrame(letter, index)).isReference);
    expect(kept).toEqual([true, false, false, true]);
  });

  it('has nothing to propagate from until an I- or P-frame follows a discontinuity', () => {
    expect(planned('IPbBPBP', codec)).toBe('K1KKK12');
  });

  it('takes a key frame every n frames', () => {
    expect(planned('IPPPPPPP', every(3))).toBe('K12K12K1');
    expect(planned('IPPP', every(1))).toBe('KKKK');
  });

  it('cannot warp to a frame that is wholly intra', () => {
    // An I-frame that is not due, in a period longer than the codec's.
    expect(planned('IPPIPP', every(100))).toBe('K12K12');
    expect(planned('IPxPP', codec)).toBe('K1K12');
    // A B-frame that refers only to the future is a key frame of its own; the P-frame descends from the I-frame.
    expect(planned('IByPP', codec)).toBe('K1K34');
  });

  it('leaves a key frame that falls due at a B-frame to the next I- or P-frame', () => {
    expect(planned('IBBPBBPBBP', every(4))).toBe('K12345K12' + '3');
    expect(planned('IBBPBB', every(1))).toBe('KKKKKK');
  });

  it('obeys a largest distance', () => {
    expect(planned('IPPPPPI', { ...codec, maxDistance: 2 })).toBe('K12K12K');
    expect(planned('IPPPPP', { ...every(10), maxDistance: 3 })).toBe('K123K1');
    // A B-frame too far away is a key frame of its own; the next P-frame is one that counts.
    expect(planned('IBBBPP', { ...codec, maxDistance: 2 })).toBe('K12KK1');
  });

  it('adds key frames to those of the codec or by residual, not to every:N', () => {
    expect(planned('IPPPPPIPPPP', { ...codec, interval: 4 })).toBe('K123K1K123K');
    expect(planned('IBBPBBPBB', { ...codec, interval: 4 })).toBe('K12345K12');
    expect(planned('IPPPPPPP', { ...every(6), interval: 2 })).toBe('K12345K1');
    expect(reasoned('IPPPPP', [0, 0, 9, 0, 0, 0], adaptive(5, { interval: 3 }))).toEqual(
      'start 1 residual 1 2 interval'.split(' '),
    );
  });

  it('makes every frame a key frame for the per-frame network', () => {
    expect(planned('IBBPPx', { ...codec, perFrame: true })).toBe('KKKKKK');
  });

  it('keeps every frame where vectors were estimated against the frame before', () => {
    const schedule = new KeyFrameSchedule({ ...codec, refersToPrevious: true });
    const plans = [...'IBBPI'].map((letter, index) => schedule.plan(madeFrame(letter, index)));
    expect(plans.every((plan) => plan.isReference)).toBe(true);
    expect(plans.map((plan) => plan.distance)).toEqual([0, 1, 2, 3, 0]);
    expect(planned('IBBPBB', { ...every(2), refersToPrevious: true })).toBe('K1K1K1');
  });

  it('takes a key frame where the residual of a frame or since the key frame is too large (TapLab)', () => {
    const ones = [0, 1, 1, 1, 1, 1, 1, 1];
    // Above 100/36 · 1.5 ≈ 4.2 with the fifth frame.
    expect(reasoned('IPPPPPPP', ones, adaptive(1.5))).toEqual('start 1 2 3 4 residual 1 2'.split(' '));
    expect(reasoned('IPPPP', [0, 0.1, 2, 0.1, 0.1], adaptive(1.5))).toEqual(
      'start 1 residual 1 2'.split(' '),
    );
    expect(reasoned('IPPPP', [0, 9, 9, 9, 9], adaptive(10))).toEqual('start 1 2 3 residual'.split(' '));
  });

  it('is a key frame in the adaptive rule for other reasons too, but not for being an I-frame', () => {
    expect(reasoned('IPpPxP', [0, 0, 0, 0, 0, 0], adaptive(1))).toEqual('start 1 start 1 intra 1'.split(' '));
    expect(reasoned('IPPPP', [0, 0, 0, 0, 0], adaptive(1, { maxDistance: 2 }))).toEqual(
      'start 1 2 distance 1'.split(' '),
    );
  });

  it('judges B-frames by their own residual, and leaves it out of the sum', () => {
    const residuals = [0, 0.9, 2, 0.9, 0.9, 0.9];
    expect(reasoned('IBBBBP', residuals, adaptive(1))).toEqual('start 1 residual 3 4 5'.split(' '));
  });

  it('says why a frame is a key frame', () => {
    const none = [0, 0, 0, 0, 0, 0, 0];
    expect(reasoned('IPIP', none, codec)).toEqual('start 1 codec 1'.split(' '));
    expect(reasoned('IPPP', none, every(2))).toEqual('start 1 interval 1'.split(' '));
    expect(reasoned('IPP', none, { ...codec, perFrame: true })).toEqual(Array(3).fill('per-frame'));
  });
});
