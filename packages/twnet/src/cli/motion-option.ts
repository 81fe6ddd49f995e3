/** `--motion <source>`: where the motion comes from that features are warped along. */

import type { MotionSpec } from '@twnet/node/motion/motion-source';
import { InvalidArgumentError, Option } from 'commander';

const NAMES = ['codec', 'flow', 'mestimate', 'accumulated'] as const;
const FILE_PREFIX = 'flow:';

export function motionOption(): Option {
  return new Option(
    '--motion <source>',
    'motion to warp along: codec, accumulated (traced back to the key frame), flow (optical flow), ' +
      'flow:FILE.onnx (a flow network) or mestimate (block matching)',
  )
    .argParser(motionSpec)
    .default('codec' satisfies MotionSpec);
}

export function motionSpec(text: string): MotionSpec {
  const name = NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  if (text.startsWith(FILE_PREFIX) && text.length > FILE_PREFIX.length)
    return { network: text.slice(FILE_PREFIX.length) };
  throw new InvalidArgumentError(`Give ${NAMES.join(', ')} or flow:FILE.onnx.`);
}

/** Whether the vectors of the stream itself are used. */
export function usesCodecMotion(spec: MotionSpec): boolean {
  return spec === 'codec' || spec === 'accumulated';
}
