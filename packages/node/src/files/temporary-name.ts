/** What unfinished output is called: its name says which process writes it, so that others can tell it is stale. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isGone, ownIdentity, type ProcessIdentity } from './process-identity.js';

export const TEMPORARY_PREFIX = '.part-';

const NAME = /^\.part-([0-9a-f]+)-([0-9a-f]+)-(\d+)-(\d+)-\d+-/;
/** Bytes of a name that file systems take. */
const LONGEST_NAME = 255;
/** Another machine's clock, or a restart's, is not trusted to be right to the minute. */
const HOUR = 3_600_000;
/** Temporaries of machines and containers that cannot be asked are taken for stale when untouched for so long. */
const ABANDONED = 7 * 24 * HOUR;

let sequence = 0;

/** A name for `path`, in `folder`, that no other run uses. The extension stays last: muxers choose the format by it. */
export function temporaryName(path: string, folder: string): string {
  const { host, boot, pid, start } = ownIdentity();
  sequence += 1;
  const prefix = `${TEMPORARY_PREFIX}${host}-${boot}-${pid}-${start}-${sequence}-`;
  return join(folder, prefix + ending(basename(path), LONGEST_NAME - prefix.length - '.gone'.length));
}

/** The last characters of a name that fit into so many bytes. */
function ending(name: string, bytes: number): string {
  const characters = [...name];
  while (Buffer.byteLength(characters.join('')) > bytes) characters.shift();
  return characters.join('');
}

const cleaned = new Set<string>();

/** Removes what killed runs have left in a folder, once a process. Never what a run still writes. Never throws. */
export function removeStaleTemporaries(folder: string): void {
  if (cleaned.has(folder)) return;
  cleaned.add(folder);
  try {
    for (const name of readdirSync(folder)) {
      const writer = writerOf(name);
      if (writer && isStale(writer, join(folder, name)))
        rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // Whatever stands in the way is for the write itself to report.
  }
}

function writerOf(name: string): ProcessIdentity | undefined {
  const [, host, boot, pid, start] = NAME.exec(name) ?? [];
  return host === undefined ? undefined : { host, boot, pid: Number(pid), start: Number(start) };
}

function isStale(writer: ProcessIdentity, path: string): boolean {
  const gone = isGone(writer);
  if (gone && writer.boot === ownIdentity().boot) return true;
  const untouched = Date.now() - statSync(path).mtimeMs;
  return gone ? untouched > HOUR : gone === undefined && untouched > ABANDONED;
}
