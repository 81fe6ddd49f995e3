/** Where an output really is: behind symbolic links, other spellings and hard links. */
import { fstatSync, lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface Place {
  /** Absolute, every link followed, also one that leads to nothing yet. */
  readonly real: string;
  /** What is there now. */
  readonly stat: Stats | undefined;
  /** The deepest folder on the way that exists; a file where the way is blocked. */
  readonly existing: string;
  /** The process's own standard output, by whatever name. */
  readonly isStdout: boolean;
  /** A device, a pipe, a socket: written in place, never replaced. */
  readonly isSpecial: boolean;
}

/** Names of the process's own streams; one that was redirected to a file is still a stream. */
const STREAM = /^\/(?:dev\/(?:std(?:in|out|err)|fd\/\d+)|proc\/self\/fd\/\d+)$/;
const MOST_LINKS = 40;

export function placeOf(path: string): Place {
  const absolute = resolve(path);
  const real = STREAM.test(absolute) ? absolute : realPath(absolute, MOST_LINKS);
  const stat = statOf(real);
  const isSpecial = STREAM.test(real) || (stat !== undefined && !stat.isFile() && !stat.isDirectory());
  return { real, stat, existing: existingFolder(real), isStdout: isStdout(real, stat), isSpecial };
}

/** `stat`, undefined for whatever reason there is none. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether both are one file, by whatever names. */
export function isSameFile(one: Stats | undefined, two: Stats | undefined): boolean {
  // File systems without file numbers give 0.
  return (
    one !== undefined && two !== undefined && one.ino !== 0 && one.ino === two.ino && one.dev === two.dev
  );
}

/** `realpath` that also takes names of what does not exist. */
export function realPath(absolute: string, linksLeft = MOST_LINKS): string {
  try {
    return realpathSync.native(absolute);
  } catch {
    const link = linksLeft > 0 ? linkTarget(absolute) : undefined;
    if (link !== undefined) return realPath(link, linksLeft - 1);
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent, linksLeft), basename(absolute));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : undefined;
  } catch {
    return undefined;
  }
}

function existingFolder(real: string): string {
  let folder = dirname(real);
  while (statOf(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function isStdout(real: string, stat: Stats | undefined): boolean {
  if (real === '/dev/stdout' || real === '/dev/fd/1' || real === '/proc/self/fd/1') return true;
  try {
    const stdout = fstatSync(1);
    // Whatever goes to /dev/null meets nothing there.
    return !stdout.isCharacterDevice() && isSameFile(stdout, stat);
  } catch {
    return false;
  }
}
