/** Which cameras `twnet live` runs, and what is written of each. */
import { basename, dirname, join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { OutputClaim } from '@twnet/node/files/claim-outputs';
import type { LiveFlags } from './flags.js';

export interface PlannedCamera {
  readonly name: string;
  readonly source: string;
  readonly recording?: string;
  readonly labels?: string;
  /** It is opened again when it is lost. */
  readonly reconnect: boolean;
  /** A file, which is played at its own pace unless it waits. */
  readonly isFile: boolean;
}

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;
const NUMBERED = /%0?\d*d/;

/** @throws InputError for names that do not go with the sources, and policies that sources cannot keep */
export function planCameras(sources: readonly string[], flags: LiveFlags): PlannedCamera[] {
  const { names, output, labels, late } = flags;
  if (names && names.length !== sources.length)
    throw new InputError(`--names: ${names.length} names for ${sources.length} sources; each needs its own`);
  if (sources.filter((source) => source === '-').length > 1)
    throw new InputError('-: standard input can be one source only');
  if (flags.segment !== undefined && !(output && NUMBERED.test(output)))
    throw new InputError('--segment: needs -o with a number in it, such as -o cam-%03d.mp4');
  const several = sources.length > 1;
  return sources.map((source, i): PlannedCamera => {
    const name = names?.[i] ?? (several ? `cam${i + 1}` : 'camera');
    const isAddress = ADDRESS.test(source) && !/^file:/i.test(source);
    const isFile = !isAddress && source !== '-' && flags.format === undefined;
    if (late === 'wait' && !isFile && source !== '-')
      throw new InputError(
        `--late wait: ${isAddress ? 'a stream' : 'a device'} does not wait; it is for files`,
      );
    return {
      ...{ name, source, isFile },
      reconnect: flags.reconnect ?? isAddress,
      ...(output === undefined ? {} : { recording: several ? inFolder(output, name) : output }),
      ...(labels === undefined ? {} : { labels: several ? join(labels, name) : labels }),
    };
  });
}

const inFolder = (path: string, name: string): string => join(dirname(path), name, basename(path));

/** Segments are written beside those that are there. */
export function claimsOf(cameras: readonly PlannedCamera[]): OutputClaim[] {
  return cameras.flatMap(({ recording, labels }) => [
    ...(recording === undefined || NUMBERED.test(recording)
      ? []
      : [{ path: recording, kind: 'file', flag: '-o' } as const]),
    ...(labels === undefined ? [] : [{ path: labels, kind: 'folder', flag: '--labels' } as const]),
  ]);
}
