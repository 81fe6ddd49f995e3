/** `--motion <source>`: where the motion comes from that features are warped along. */

import type { FlowNetworkSpec, MotionSpec } from '@twnet/node/motion/motion-source';
import { InvalidArgumentError, Option } from 'commander';

const NAMES = ['codec', 'flow', 'matching', 'accumulated'] as const;
/** `flow:FILE.onnx`, with the range of its pixel values and the unit of its vectors. */
const FLOW_NETWORK = /^flow:(.+?)(?::(0\.\.255|0\.\.1|-1\.\.1)(?::(\d+(?:\.\d+)?))?)?$/;

export function motionOption(): Option {
  return new Option(
    '--motion <source>',
    'motion to warp along: codec, accumulated (traced back to the key frame), flow (optical flow), ' +
      'flow:FILE.onnx[:VALUES[:UNIT]] (a flow network; pixel values 0..255, 0..1 or -1..1, pixels a unit) ' +
      'or matching (block matching)',
  )
    .argParser(motionSpec)
    .default('codec' satisfies MotionSpec);
}

export function motionSpec(text: string): MotionSpec {
  const name = NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const [, network, values, unit] = FLOW_NETWORK.exec(text) ?? [];
  if (network !== undefined && Number(unit) !== 0)
    return {
      network,
      ...(values === undefined ? {} : { values: values as FlowNetworkSpec['values'] }),
      ...(unit === undefined ? {} : { unit: Number(unit) }),
    };
  throw new InvalidArgumentError(`Give ${NAMES.join(', ')} or flow:FILE.onnx.`);
}

/** Whether the vectors of the stream itself are used. */
export function usesCodecMotion(spec: MotionSpec): boolean {
  return spec === 'codec' || spec === 'accumulated';
}
