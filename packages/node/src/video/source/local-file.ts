/** Files of this machine: a name is a file's name and nothing else, whatever characters are in it. */
import { type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { FFmpegError, IOContext } from 'node-av/lib';
import { type ByteSource, START_LENGTH } from './byte-source.js';

/** What is at a path that can be opened. */
export function factsOf(path: string): Stats {
  let facts: Stats | undefined;
  try {
    facts = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!facts) throw new InputError(`${path}: no such file`);
  if (facts.isDirectory()) {
    throw new InputError(
      `${path}: is a folder, not a video; twnet encode makes a video from a folder of images`,
    );
  }
  if (facts.isSocket()) throw new InputError(`${path}: is a socket, not a video`);
  return facts;
}

/** Opens a regular file; `name` stands for it in errors. */
export async function openFile(path: string, name = path): Promise<ByteSource> {
  const handle = await openForReading(path);
  const io = new IOContext();
  try {
    const start = await readPart(handle, 0, START_LENGTH);
    if (start.length === 0) throw new InputError(`${name}: is empty`);
    // An absolute path after `file:` is never taken for another protocol.
    const opened = await io.open2(`file:${resolve(path)}`);
    if (opened < 0) throw new InputError(`${path}: cannot be read (${new FFmpegError(opened).message})`);
    const { size } = await handle.stat();
    return {
      io,
      start,
      ending: endingOf(path),
      sequential: undefined,
      readAt: (at, length) => readPart(handle, at, length),
      size: () => size,
      failure: () => undefined,
      abort: () => undefined,
      close: async () => {
        await io.closep();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error for a file that the system does not hand out. */
export function unreadable(path: string, error: unknown): InputError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM')
    return new InputError(`${path}: cannot be read; check its permissions`);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new InputError(`${path}: no such file`);
  if (code === 'ELOOP') return new InputError(`${path}: cannot be read; its links lead round in a circle`);
  if (code === 'ENAMETOOLONG')
    return new InputError(`${path.slice(0, 80)}…: no such file; the name is too long`);
  return new InputError(`${path}: cannot be read (${code ?? String(error)})`);
}

async function readPart(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Letters and digits after a name's last dot: all that FFmpeg learns of the name. */
export function endingOf(name: string): string {
  const ending = extname(name).slice(1).toLowerCase();
  return /^[a-z0-9]{1,10}$/.test(ending) ? ending : '';
}
