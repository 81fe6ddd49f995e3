/** How good the present weights are, by stills held out of training: those labelled by hand, and the teacher's. */
import { IGNORE_LABEL } from '@twnet/core/classes';
import type { NetworkDescription } from '@twnet/core/network/description';
import type { Weights } from '@twnet/core/network/safetensors';
import type { KeyConfig } from '../config/config.js';
import { type Coding, compressed } from '../data/compression.js';
import { Labeller } from '../run/labeller.js';
import { validateKeyFrames } from '../run/validation.js';
import { type KeyData, scaleOf } from './key-data.js';

const AT_REST = { atSource: true, preset: 'veryfast', frames: 2, panX: 3, panY: 1, growth: 0.01 } as const;

/** What the network is shown of a picture that the teacher saw clean and at its best scale. */
const CONDITIONS: readonly { readonly name: string; readonly scale: number; readonly coding?: Coding }[] = [
  { name: 'agreement', scale: 1 },
  { name: 'agreementHalf', scale: 0.5 },
  { name: 'agreementMpeg4', scale: 1, coding: { ...AT_REST, codec: 'mpeg4', quality: 10 } },
  { name: 'agreementH264', scale: 1, coding: { ...AT_REST, codec: 'h264', quality: 34 } },
];

interface ValidationOptions {
  readonly config: KeyConfig;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** `mIoU` by labels made by hand; shares of pixels labelled as the teacher did, in several conditions. */
export async function validateKey(
  description: NetworkDescription,
  weights: Weights,
  { classes: { classes }, heldOut, taught }: Pick<KeyData, 'classes' | 'heldOut' | 'taught'>,
  { config, threads, signal }: ValidationOptions,
): Promise<Record<string, number>> {
  const scores: Record<string, number> = {};
  if (heldOut.length > 0) {
    const options = { threads, signal, scale: config.workingScale };
    Object.assign(scores, await validateKeyFrames(description, weights, classes.length, heldOut, options));
  }
  if (taught.length === 0) return scores;
  await using labeller = new Labeller({ description, weights }, classes.length, { threads });
  for (const { name, scale, coding } of CONDITIONS) {
    let [equal, all] = [0, 0];
    for (const still of taught) {
      signal?.throwIfAborted();
      const whole = { left: 0, top: 0, width: still.width, height: still.height };
      const shown = coding ? { ...still, pixels: compressed(still, whole, coding) } : still;
      const { labels } = await labeller.label(shown, scale * scaleOf(config)(still));
      for (let i = 0; i < labels.length; i++) {
        if (still.labels[i] === IGNORE_LABEL) continue;
        all++;
        if (labels[i] === still.labels[i]) equal++;
      }
    }
    if (all > 0) scores[name] = equal / all;
  }
  return scores;
}
