/** Which outputs `twnet segment` writes for which input. */
import { statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { OutputClaim } from '@twnet/node/files/claim-outputs';
import type { SegmentFlags } from './flags.js';
import type { SegmentJob } from './segment-one.js';

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i;
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
  if (several && output !== undefined && !isFolder(output) && VIDEO.test(output))
    throw new InputError(`-o ${output}: several inputs need a folder; give one, such as -o segmented/`);
  const jobs = inputs.map((input): SegmentJob => {
    const name = nameOf(input);
    return {
      input,
      overlay: drawn ? overlayOf(input, `${name}-segmented.mp4`, output, several) : undefined,
      labels: labels !== undefined && several ? join(labels, name) : labels,
    };
  });
  refuseEqualNames(jobs);
  return jobs;
}

function overlayOf(input: string, file: string, output: string | undefined, several: boolean): string {
  if (output === undefined) return isLocal(input) ? join(dirname(input), file) : file;
  return several || isFolder(output) ? join(output, file) : output;
}

/** A folder's name ends with a separator, or there is one of it already. */
function isFolder(path: string): boolean {
  if (path.endsWith('/') || path.endsWith(sep)) return true;
  return !VIDEO.test(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLocal(input: string): boolean {
  return input !== '-' && !URL_LIKE.test(input);
}

/** What outputs are called after: the input's name without its ending. */
function nameOf(input: string): string {
  if (input === '-') return 'stdin';
  const last = isLocal(input) ? basename(input) : lastPart(input);
  return last.replace(/(?<=.)\.[^.]*$/, '') || 'video';
}

/** The last part of an address's path, fit for a file name. */
function lastPart(url: string): string {
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    return basename(path).replace(/[^\p{L}\p{N}._-]+/gu, '_');
  } catch {
    return '';
  }
}

function refuseEqualNames(jobs: readonly SegmentJob[]): void {
  for (const key of ['overlay', 'labels'] as const) {
    const seen = new Map<string, string>();
    for (const job of jobs) {
      const path = job[key];
      if (path === undefined) continue;
      const other = seen.get(path);
      if (other !== undefined)
        throw new InputError(
          other === job.input
            ? `${other}: is given twice`
            : `${other} and ${job.input} would both be written to ${path}; rename one, or run them apart`,
        );
      seen.set(path, job.input);
    }
  }
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
