/** Storage in folders of the file system. */
import { copyFile, mkdir, opendir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import {
  commitTemporary,
  discardTemporary,
  temporaryPathFor,
  writeFileAtomic,
} from '@twnet/node/files/atomic';
import { outputErrorFor } from '@twnet/node/files/output-error';
import type { Location, Storage, StoredFile } from './storage.js';

export const folderStorage: Storage = {
  isLocal: true,
  async *list(folder) {
    // Folder by folder: opendir's own recursion leaves entries out (Node 20).
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* folderStorage.list(path);
      else {
        const file = await folderStorage.stat(path);
        if (file) yield file;
      }
    }
  },
  async stat(location): Promise<StoredFile | undefined> {
    const found = await unlessMissing(stat(location));
    if (!found?.isFile()) return undefined;
    return { location, size: found.size, version: `${found.size}-${found.mtimeMs}` };
  },
  async fetch({ location }) {
    return { path: location, release: async () => undefined };
  },
  async read(location) {
    return unlessMissing(readFile(location));
  },
  async write(location, data) {
    await writeFileAtomic(location, data);
  },
  async put(location, path) {
    await mkdir(dirname(location), { recursive: true });
    try {
      await rename(path, location);
    } catch {
      // Another file system.
      const temporary = temporaryPathFor(location);
      try {
        await copyFile(path, temporary);
      } catch (error) {
        discardTemporary(temporary);
        throw outputErrorFor(location, error);
      }
      commitTemporary(temporary, location);
      await rm(path, { force: true });
    }
  },
  async remove(folder) {
    await rm(folder, { recursive: true, force: true });
  },
};

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Also where links lead. */
export async function isBelowFolder(location: Location, root: Location): Promise<boolean> {
  let place = location;
  for (;;) {
    const [base, real] = await Promise.all(
      [root, place].map((path) => realpath(path).catch(() => undefined)),
    );
    if (base === undefined) return false;
    if (real !== undefined) return real === base || real.startsWith(base.endsWith(sep) ? base : base + sep);
    if (dirname(place) === place) return false;
    place = dirname(place);
  }
}
