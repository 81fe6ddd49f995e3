/**
 * Which files of a folder are twnet's: a small file in every folder that it fills. What the list does not name, or has
 * been changed since, is somebody's own.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { statOf } from './place.js';
import { TEMPORARY_PREFIX } from './temporary-name.js';

/** The list's name in the folder. */
export const MANIFEST_FILE = '.twnet.json';

/** Size in bytes and time of the last change in ms, as they were written; null: of a run that had not ended. */
export type FileStamp = readonly [size: number, changed: number] | null;

/** File systems that keep times as even seconds (FAT) show a finer one until they are mounted anew. */
const COARSEST_CLOCK = 2000;

/** By name within the folder, with `/` between parts. */
export type Manifest = ReadonlyMap<string, FileStamp>;

/** Files that systems put into folders by themselves. */
const OF_THE_SYSTEM = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', 'lost+found']);

/** @returns undefined where the folder is none of twnet's */
export function readManifest(folder: string): Manifest | undefined {
  try {
    const { files } = JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8'));
    return new Map(Object.entries(files as Record<string, unknown>).flatMap(entry));
  } catch {
    return undefined;
  }
}

/** Whoever made the list: nothing outside of the folder is on it. */
function entry([name, stamp]: [string, unknown]): [string, FileStamp][] {
  if (name.split(/[\\/]/).some((part) => part === '' || part === '.' || part === '..')) return [];
  if (stamp === null) return [[name, null]];
  if (!Array.isArray(stamp) || !stamp.every(Number.isFinite)) return [];
  return [[name, [stamp[0], stamp[1]]]];
}

export function writeManifest(folder: string, files: Manifest): void {
  writeFileSync(join(folder, MANIFEST_FILE), formatManifest(files));
}

function formatManifest(files: Manifest): string {
  const lines = [...files].map(([name, stamp]) => `    ${JSON.stringify(name)}: ${JSON.stringify(stamp)}`);
  const note = 'twnet filled this folder; its next run replaces these files and no others';
  return `{\n  "note": ${JSON.stringify(note)},\n  "files": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Of a file as it is now; undefined where there is none. */
export function stampOf(folder: string, name: string): FileStamp | undefined {
  const stat = statOf(join(folder, name));
  return stat?.isFile() ? [stat.size, Math.floor(stat.mtimeMs)] : undefined;
}

/** Whether a file is as the list has it; of what is not there, nothing can be lost. */
export function isUnchanged(folder: string, name: string, listed: FileStamp): boolean {
  const now = stampOf(folder, name);
  if (now === undefined || now === null || listed === null) return true;
  return now[0] === listed[0] && Math.abs(now[1] - listed[1]) <= COARSEST_CLOCK;
}

export interface FolderRules {
  /** What the files to come are called: somebody's own file of such a name is in the way. */
  readonly names?: RegExp;
  /** Use the folder whatever it holds. Files that twnet did not write stay even then, unless their names are needed. */
  readonly force?: boolean;
}

/**
 * Refuses a folder that twnet did not fill, or in which somebody has put or changed files that the next run would
 * replace. A missing or empty folder is fine.
 *
 * @throws InputError
 */
export function checkFolder(folder: string, { names, force }: FolderRules = {}): void {
  if (force || !statOf(folder)?.isDirectory()) return;
  const entries = readdirSync(folder).filter(
    (name) => name !== MANIFEST_FILE && !name.startsWith(TEMPORARY_PREFIX) && !OF_THE_SYSTEM.has(name),
  );
  if (entries.length === 0) return;
  const manifest = readManifest(folder);
  const overwrite = 'or add --force, which overwrites files of the same name and removes no others';
  if (!manifest) {
    throw new InputError(
      `${folder}: holds files that twnet did not write (${entries[0]}); give an empty or a new folder, ${overwrite}`,
    );
  }
  const changed = [...manifest].find(([name, stamp]) => !isUnchanged(folder, name, stamp));
  if (changed)
    throw new InputError(
      `${folder}: ${changed[0]} was changed after twnet wrote it; move it away, give another folder, ${overwrite}`,
    );
  const inTheWay = entries.find((name) => names?.test(name) && !manifest.has(name));
  if (inTheWay !== undefined)
    throw new InputError(
      `${folder}: ${inTheWay} is not twnet's, but bears a name of its output; move it away, give another folder, ${overwrite}`,
    );
}
