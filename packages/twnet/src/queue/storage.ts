/** Where an archive lies: a folder of this machine (or one that all machines have mounted), or a bucket. */
import { InputError } from '@twnet/core/errors';

/** An absolute path, or `s3://bucket/key`. */
export type Location = string;

export interface StoredFile {
  readonly location: Location;
  readonly size: number;
  /** Changes when the file does. */
  readonly version: string;
}

/** A file of a storage as one of this machine; `release` it when it is no longer read. */
export interface LocalFile {
  /** Or an address of this machine, where only a part of it is wanted. */
  readonly path: string;
  /** Why what was read of it is not to be believed, where the storage failed meanwhile. */
  failure?(): Error | undefined;
  release(): Promise<void>;
}

export interface Storage {
  /** Whether files and folders of it are this machine's own. */
  readonly isLocal: boolean;
  /** All files below a folder. */
  list(folder: Location): AsyncGenerator<StoredFile>;
  stat(location: Location): Promise<StoredFile | undefined>;
  /** @param inParts only some of it will be read */
  fetch(file: StoredFile, inParts?: boolean): Promise<LocalFile>;
  /** undefined where there is none. */
  read(location: Location): Promise<Buffer | undefined>;
  /** Whole or not at all. */
  write(location: Location, data: Uint8Array | string): Promise<void>;
  /** Puts a file of this machine there, whole or not at all; the file may be moved. */
  put(location: Location, path: string): Promise<void>;
  /** All that is below; nothing where nothing is. */
  remove(folder: Location): Promise<void>;
}

export const isBucket = (location: Location): boolean => location.startsWith('s3://');

/** The storage that a location is of. */
export async function storageOf(location: Location): Promise<Storage> {
  if (isBucket(location)) {
    const { bucketStorage } = await import('./s3-storage.js');
    return bucketStorage();
  }
  const { folderStorage } = await import('./folder-storage.js');
  return folderStorage;
}

/** A location below another. */
export const below = (folder: Location, ...names: readonly string[]): Location =>
  [folder.replace(/\/+$/, ''), ...names].join('/');

/** @throws InputError unless a location lies below one of the storages that a worker was given */
export async function checkBelow(location: Location, roots: readonly Location[]): Promise<void> {
  const outside = () =>
    new InputError(
      `${location}: is not below the storage of this worker (${roots.join(', ')}); see --storage`,
    );
  if (location.split('/').includes('..')) throw outside();
  const { isBelowFolder } = await import('./folder-storage.js');
  for (const root of roots) {
    if (isBucket(root) !== isBucket(location)) continue;
    const inside = isBucket(root)
      ? location.startsWith(`${root.replace(/\/+$/, '')}/`)
      : await isBelowFolder(location, root);
    if (inside) return;
  }
  throw outside();
}
