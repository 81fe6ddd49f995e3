/**
 * Output that appears whole or not at all: it is written under a temporary name in the same folder, then
 * renamed. Temporaries that are neither committed nor discarded are removed when the process ends (see
 * {@link removeTemporariesOnExit}).
 */
import { closeSync, lstatSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '@twnet/core/errors';
import { outputErrorFor } from './output-error.js';
import { placeOf } from './place.js';
import { removeStaleTemporaries, temporaryName } from './temporary-name.js';

/** Temporary files and folders that exist now. */
const temporaries = new Set<string>();
let installed = false;

/**
 * Makes an empty temporary file beside `path`, creating missing parent folders, and returns its name; it has
 * the same extension. Write to it, then {@link commitTemporary} or {@link discardTemporary}.
 *
 * @throws OutputError when `path` is a folder or nothing can be created beside it, so that a long run fails
 *   before its work and not after it.
 */
export function temporaryPathFor(path: string): string {
  try {
    // Devices and pipes (`/dev/null`, `/dev/stdout`) are written in place: renaming over them would replace them.
    const { real, stat, isSpecial } = placeOf(path);
    if (isSpecial) return real;
    if (stat?.isDirectory())
      throw new OutputError(`cannot write ${path}: this is a folder; give the name of a file`);
    lstatSync(real, { throwIfNoEntry: false }); // throws where the name itself is impossible
    return makeIn(dirname(real), real, (temporary) => closeSync(openSync(temporary, 'wx')));
  } catch (error) {
    throw outputErrorFor(path, error);
  }
}

/** Gives a finished temporary of {@link temporaryPathFor} its final name, replacing what was there. */
export function commitTemporary(temporary: string, path: string): void {
  if (!temporaries.has(temporary)) return; // a device, written in place
  try {
    renameSync(temporary, placeOf(path).real);
    temporaries.delete(temporary);
  } catch (error) {
    discardTemporary(temporary);
    throw outputErrorFor(path, error);
  }
}

/** Removes a temporary file or folder; what is under the final name stays as it was. Never throws. */
export function discardTemporary(temporary: string): void {
  if (!temporaries.delete(temporary)) return;
  try {
    rmSync(outOfReach(temporary), { recursive: true, force: true, maxRetries: 5, retryDelay: 2 });
  } catch {
    // Called while another error is on its way, which must not be hidden.
  }
}

/** Another name for a temporary, so that a thread which still writes into it by its name puts nothing new there. */
function outOfReach(temporary: string): string {
  const renamed = `${temporary}.gone`;
  try {
    renameSync(temporary, renamed);
    return renamed;
  } catch {
    return temporary; // a file in it is open, where the system forbids to rename it then
  }
}

/**
 * Writes a file whole or not at all.
 *
 * @throws OutputError with one line that names `path`; an older file of that name is then untouched.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryPathFor(path);
  try {
    // 'r+' does not make the file anew when a signal has just removed it; a stream may be a file that is appended to.
    await writeFile(temporary, data, { flag: temporaries.has(temporary) ? 'r+' : 'a' });
  } catch (error) {
    discardTemporary(temporary);
    throw outputErrorFor(path, error);
  }
  commitTemporary(temporary, path);
}

/**
 * Makes an empty temporary folder, to be renamed or discarded as temporary files are: beside `path`, or within it where
 * it is a folder already (which may be all that can be written to, or another disk).
 */
export function temporaryFolderFor(path: string): string {
  try {
    const { real, stat } = placeOf(path);
    return makeIn(stat?.isDirectory() ? real : dirname(real), real, (temporary) => mkdirSync(temporary));
  } catch (error) {
    throw outputErrorFor(path, error);
  }
}

function makeIn(folder: string, path: string, make: (temporary: string) => void): string {
  mkdirSync(folder, { recursive: true });
  removeStaleTemporaries(folder);
  for (;;) {
    const temporary = temporaryName(path, folder);
    try {
      make(temporary);
      temporaries.add(temporary);
      return temporary;
    } catch (error) {
      // Another thread of this process has its own count.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Removes every temporary that was neither committed nor discarded. */
export function discardAllTemporaries(): void {
  for (const temporary of [...temporaries]) discardTemporary(temporary);
}

/**
 * Has temporaries removed when the process ends by itself, by `process.exit`, or by an uncaught error. It
 * leaves signals alone: a program that wants them to end it in order calls `process.exit` in its handler.
 */
export function removeTemporariesOnExit(): void {
  if (installed) return;
  installed = true;
  process.on('exit', discardAllTemporaries);
}
