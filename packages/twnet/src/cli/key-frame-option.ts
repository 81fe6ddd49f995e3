/** `--key-frames <rule>`: which frames go through the key-frame network. */

import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from './option-values.js';

/**
 * Of adaptive key frames: mean |residual| of one frame, 0..255, above which it is a key frame. How it was chosen:
 * docs/guide/motion.md.
 */
export const DEFAULT_THRESHOLD = 50;

/** Which frames are key frames, at least and all. */
export function addKeyFrameOptions(command: Command): Command {
  return command
    .option('--per-frame', 'run the key-frame network on every frame')
    .addOption(keyFramesOption())
    .option(
      '--max-distance <n>',
      'a key frame wherever the last one is more than n frames back',
      positiveInteger,
    );
}

function keyFramesOption(): Option {
  return new Option(
    '--key-frames <rule>',
    "codec (the video's I-frames), every:N, or adaptive[:T] (where the mean residual of a frame exceeds T, 0 to 255, " +
      `or 2.8 T since the key frame; T is ${DEFAULT_THRESHOLD} unless given)`,
  )
    .argParser(keyFrameRule)
    .default({ mode: 'codec' } satisfies KeyFrameRule, 'codec');
}

function keyFrameRule(text: string): KeyFrameRule {
  if (text === 'codec') return { mode: 'codec' };
  if (text === 'adaptive') return { mode: 'adaptive', threshold: DEFAULT_THRESHOLD };
  const [, mode, value] = /^(every|adaptive):([0-9.]+)$/.exec(text) ?? [];
  const number = Number(value);
  if (mode === 'every' && Number.isSafeInteger(number) && number >= 1) return { mode, n: number };
  if (mode === 'adaptive' && number > 0 && number <= 255) return { mode, threshold: number };
  throw new InvalidArgumentError(
    'Give codec, every:N with N at least 1, such as every:12, or adaptive:T with T above 0 and up to 255.',
  );
}

/** The rule as one writes it. */
export function formatKeyFrameRule(rule: KeyFrameRule): string {
  if (rule.mode === 'codec') return 'codec';
  return rule.mode === 'every' ? `every:${rule.n}` : `adaptive:${rule.threshold}`;
}
