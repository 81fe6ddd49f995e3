/** Which outputs `twnet segment` writes for which input. */
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { OutputClaim } from '@twnet/node/files/claim-outputs';
import { isFolder, outputFor, outputName, refuseEqualOutputs } from '../output-names.js';
import type { SegmentFlags } from './flags.js';
import type { SegmentJob } from './segment-one.js';

/** Ends like a video: the name of a file, also where several inputs would need a folder. */
const VIDEO = /\.(mp4|m4v|mov|mkv|webm|avi|ts|m2ts|mpg|mpeg|gif|ogv|flv|nut)$/i;

/**
 * One job an input. A video is written where one is asked for, or nothing else is.
 *
 * @throws InputError where two inputs would have outputs of one name
 */
export function planJobs(inputs: readonly string[], flags: SegmentFlags): SegmentJob[] {
  const { output, labels, stats, json } = flags;
  const several = inputs.length > 1;
  const drawn = output !== undefined || !(labels !== undefined || stats !== undefined || json);
  if (several && output !== undefined && !isFolder(output, VIDEO) && VIDEO.test(output))
    throw new InputError(`-o ${output}: several inputs need a folder; give one, such as -o segmented/`);
  const jobs = inputs.map((input): SegmentJob => {
    const name = outputName(input);
    return {
      input,
      overlay: drawn ? outputFor(input, `${name}-segmented.mp4`, output, several, VIDEO) : undefined,
      labels: labels !== undefined && several ? join(labels, name) : labels,
    };
  });
  refuseEqualOutputs(jobs.map(({ input, overlay }) => ({ input, path: overlay })));
  refuseEqualOutputs(jobs.map(({ input, labels }) => ({ input, path: labels })));
  return jobs;
}

export function claimsOf(jobs: readonly SegmentJob[], { stats }: SegmentFlags): OutputClaim[] {
  return [
    ...jobs.flatMap(({ overlay, labels }) => [
      ...(overlay === undefined ? [] : [{ path: overlay, kind: 'file', flag: '-o' } as const]),
      ...(labels === undefined ? [] : [{ path: labels, kind: 'folder', flag: '--labels' } as const]),
    ]),
    ...(stats === undefined ? [] : [{ path: stats, kind: 'file', flag: '--stats' } as const]),
  ];
}
