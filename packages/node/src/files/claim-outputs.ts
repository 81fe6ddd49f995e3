/** Whether the outputs of a run can be written without loss: known before any work. */
import { closeSync, existsSync, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InputError, OutputError } from '@twnet/core/errors';
import { checkFolder } from './manifest.js';
import { outputErrorFor } from './output-error.js';
import { isSameFile, type Place, placeOf } from './place.js';
import { TEMPORARY_PREFIX } from './temporary-name.js';

/** One output of a run. */
export interface OutputClaim {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** The option that names it, for messages: `--labels`. */
  readonly flag: string;
  /** Folders: what the files to come are called. */
  readonly names?: RegExp;
}

export interface ClaimOptions {
  /** What the run reads: files and folders; names of what is no file (URLs, `-`) are passed over. */
  readonly inputs?: readonly string[];
  /** Existing files may be overwritten, folders of others written into. Inputs never are. */
  readonly force?: boolean;
  /** The option that has data written to standard output, where nothing else may go then. */
  readonly stdout?: string;
}

interface Claimed extends OutputClaim {
  readonly place: Place;
}

/**
 * Refuses outputs that exist, that collide with one another or with the inputs, folders that twnet did not fill, and
 * places that cannot be written. Devices and pipes may be given as files. Leaves nothing behind.
 *
 * @throws InputError naming --force where that would do
 * @throws OutputError for places that cannot be written
 */
export function claimOutputs(outputs: readonly OutputClaim[], options: ClaimOptions = {}): void {
  const { inputs = [], force = false, stdout } = options;
  const claimed = outputs.map((output) => ({ ...output, place: placeOf(output.path) }));
  for (const output of claimed) {
    checkKind(output);
    if (stdout !== undefined && output.place.isStdout)
      throw new InputError(`${output.flag} ${output.path}: is where ${stdout} writes; leave one of them out`);
  }
  for (const [index, output] of claimed.entries()) {
    const caseless = checkWritable(output);
    for (const other of claimed.slice(0, index)) checkApart(other, output, caseless);
    for (const input of inputs) checkInput(output, input, caseless);
  }
  for (const { path, kind, flag, names, place } of claimed) {
    if (place.isSpecial || force) continue;
    if (kind === 'folder') checkFolder(path, { names });
    else if (place.stat)
      throw new InputError(
        `${path}: exists already; give another name for ${flag}, or add --force to overwrite it`,
      );
  }
}

function checkKind({ path, kind, place: { stat, isSpecial } }: Claimed): void {
  if (kind === 'folder' && (isSpecial || stat?.isFile()))
    throw new OutputError(`cannot write the folder ${path}: there is a file of that name; choose another`);
  if (kind === 'file' && stat?.isDirectory())
    throw new OutputError(`cannot write ${path}: this is a folder; give the name of a file`);
}

/** Tries with an empty file. @returns whether names there differ by more than the case of their letters */
function checkWritable({ path, kind, place }: Claimed): boolean {
  if (place.isSpecial) return false;
  const folder = kind === 'folder' && place.stat ? place.real : place.existing;
  const trial = join(folder, `${TEMPORARY_PREFIX}trial-${process.pid}`);
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    lstatSync(place.real, { throwIfNoEntry: false }); // throws where the name itself is impossible
    closeSync(openSync(trial, 'w'));
    const caseless = existsSync(join(folder, `${TEMPORARY_PREFIX}TRIAL-${process.pid}`));
    rmSync(trial, { force: true });
    return caseless;
  } catch (error) {
    throw kind === 'folder' ? folderError(path, error) : outputErrorFor(path, error);
  }
}

function folderError(path: string, thrown: unknown): OutputError {
  const reason = outputErrorFor(path, thrown).message.replace(`cannot write ${path}: `, '');
  return new OutputError(`${path}: the folder cannot be made: ${reason}`, { cause: thrown });
}

function checkApart(one: Claimed, two: Claimed, caseless: boolean): void {
  // Any number of outputs may go to /dev/null.
  if (one.place.stat?.isCharacterDevice() && !one.place.isStdout) return;
  const names = `${one.flag} ${one.path} and ${two.flag} ${two.path}`;
  if (isSame(one.place, two.place, caseless) || (one.place.isStdout && two.place.isStdout))
    throw new InputError(`${names} are the same ${two.kind}; give them different names`);
  if (
    isWithin(one.place.real, two.place.real, caseless) ||
    isWithin(two.place.real, one.place.real, caseless)
  )
    throw new InputError(`${names}: one lies within the other; give them places apart`);
}

function checkInput({ path, kind, place }: Claimed, input: string, caseless: boolean): void {
  const absolute = resolve(input);
  if (place.isSpecial || !existsSync(absolute)) return;
  const source = placeOf(absolute);
  if (source.isSpecial) return;
  if (isSame(place, source, caseless)) {
    throw new InputError(
      kind === 'folder' && source.stat?.isDirectory()
        ? `${path}: is the input's own folder; give the output another`
        : `${path}: is the input itself; give the output another name`,
    );
  }
  // A folder as input: what exists in it may be read.
  if (source.stat?.isDirectory() && place.stat && isWithin(place.real, source.real, caseless))
    throw new InputError(`${path}: is part of the input ${input}; give the output another name`);
}

function isSame(one: Place, two: Place, caseless: boolean): boolean {
  return fold(one.real, caseless) === fold(two.real, caseless) || isSameFile(one.stat, two.stat);
}

function isWithin(inner: string, outer: string, caseless: boolean): boolean {
  const folder = fold(outer, caseless);
  return fold(inner, caseless).startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Systems that take no notice of case take none of how accents are composed, either. */
function fold(path: string, caseless: boolean): string {
  return caseless ? path.normalize('NFC').toLowerCase() : path;
}
