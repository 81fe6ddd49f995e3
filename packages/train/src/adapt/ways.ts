/** The ways to segment footage that an adaptation holds beside one another, and which of them to take. */
import type { Speed } from '@twnet/core/network/operating-point';
import type { Model } from '@twnet/node/model/model';
import type { Footage } from './footage.js';
import type { Judged } from './judge.js';
import type { Way } from './run-way.js';

/** What is learnt corrects what is warped from the key frame before. */
export const POINT = 'causal' satisfies Speed;
/** Mean residuals that ask for a key frame, 0..255: one for little that changes, one for much. */
const ADAPTIVE = [5, 50];
/** Labels that have to agree for a setting to be recommended. */
const ENOUGH = 0.96;

/** What is learnt has to beat this. There is no such setting. */
const WARPED: Way = { name: 'scores warped from the key frame before', speed: POINT, warpAlone: true };
const ADAPTED: Way = {
  name: 'the same, adapted',
  options: `--speed ${POINT} --key-frames every:12`,
  speed: POINT,
};

/** The network on every frame first; the last two are warping alone and what was learnt, where the model has that. */
export function waysOf({ card }: Model, [{ scale }]: readonly Footage[]): Way[] {
  const resizes = card.imported?.input.multiple !== undefined;
  const smaller = resizes ? [0.75, 0.5] : [];
  return [
    { name: 'the network on every frame', options: '--per-frame', perFrame: true },
    ...smaller.map((share) => ({
      name: `the network on every frame, ${share} of the sides`,
      options: `--per-frame --scale ${Number((scale * share).toFixed(3))}`,
      ...{ perFrame: true, share },
    })),
    {
      name: 'scores warped from the key frames before and after, one in 4',
      options: '--speed accurate',
      ...{ speed: 'accurate', keyFrames: { mode: 'every', n: 4 } },
    },
    {
      name: 'scores warped from the key frames before and after, one in 6',
      options: '--speed fast --key-frames every:6',
      ...{ speed: 'fast', keyFrames: { mode: 'every', n: 6 } },
    },
    {
      name: 'scores warped from the key frames before and after, one in 12',
      options: '--speed fast --key-frames every:12',
      speed: 'fast',
    },
    ...ADAPTIVE.map((threshold) => ({
      name: `the same, with key frames where the residual says so (${threshold})`,
      options: `--speed fast --key-frames adaptive:${threshold}`,
      ...({ speed: 'fast', keyFrames: { mode: 'adaptive', threshold } } as const),
    })),
    ...(card.networks[POINT] ? [WARPED, ADAPTED] : []),
  ];
}

/** The fastest whose labels agree enough; else the one that agrees most, of those faster than the network itself. */
export function best(ways: readonly Judged[]): Judged {
  const [own, ...others] = ways;
  const dropped = isKept(ways) ? undefined : ADAPTED.name;
  const faster = others.filter(
    ({ name, options, framesPerSecond }) =>
      options !== undefined && name !== dropped && framesPerSecond > own.framesPerSecond,
  );
  const enough = faster.filter(({ agreement }) => agreement >= ENOUGH);
  if (enough.length > 0) return enough.reduce((a, b) => (b.framesPerSecond > a.framesPerSecond ? b : a));
  return faster.reduce((a, b) => (b.agreement > a.agreement ? b : a), faster[0] ?? own);
}

/** Whether what was learnt is no worse than warping alone. */
export function isKept(ways: readonly Judged[]): boolean {
  const agreement = ({ name }: Way): number | undefined => ways.find((way) => way.name === name)?.agreement;
  const [warped, adapted] = [agreement(WARPED), agreement(ADAPTED)];
  return warped !== undefined && adapted !== undefined && !(adapted < warped);
}
