/** What outputs are called where there may be several inputs. */
import { statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { InputError } from '@twnet/core/errors';

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * The path of an input's output: what is asked for; in a folder, or where several inputs need one, a file in it;
 * unless anything is asked for, a file beside the input.
 *
 * @param file its name in a folder
 * @param endings of names that are files', also where no such file exists
 */
export function outputFor(
  input: string,
  file: string,
  output: string | undefined,
  several: boolean,
  endings: RegExp,
): string {
  if (output === undefined) return isLocal(input) ? join(dirname(input), file) : file;
  return several || isFolder(output, endings) ? join(output, file) : output;
}

/** A folder's name ends with a separator, or there is one of it already. */
export function isFolder(path: string, endings: RegExp): boolean {
  if (path.endsWith('/') || path.endsWith(sep)) return true;
  return !endings.test(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLocal(input: string): boolean {
  return input !== '-' && !URL_LIKE.test(input);
}

/** What outputs are called after: the input's name without its ending. */
export function outputName(input: string): string {
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

/** @throws InputError where two inputs would have one output */
export function refuseEqualOutputs(
  jobs: readonly { readonly input: string; readonly path?: string }[],
): void {
  const seen = new Map<string, string>();
  for (const { input, path } of jobs) {
    if (path === undefined) continue;
    const other = seen.get(path);
    if (other !== undefined)
      throw new InputError(
        other === input
          ? `${other}: is given twice`
          : `${other} and ${input} would both be written to ${path}; rename one, or run them apart`,
      );
    seen.set(path, input);
  }
}
