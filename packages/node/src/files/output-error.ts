import { messageOf, OutputError, TwnetError } from '@twnet/core/errors';

/** What the operating system's refusals mean to the person at the terminal. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there; choose another place or change its permissions',
  EPERM: 'no permission to write there; choose another place or change its permissions',
  EROFS: 'the file system is read-only; choose another place',
  ENOSPC: 'the disk is full; free some space or choose another place',
  EDQUOT: 'the disk quota is used up; free some space or choose another place',
  EFBIG: 'the file would be larger than the file system or a limit allows',
  ENOTDIR: 'a part of this path is a file, not a folder; choose another place',
  EEXIST: 'a part of this path is a file, not a folder; choose another place',
  EISDIR: 'this is a folder; give the name of a file',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  ENOENT: 'the folder is missing or was removed meanwhile',
};

/**
 * The {@link OutputError} for a failed write to `path`: one line that names it, says why and what to do.
 * Errors that already are for the person at the terminal pass unchanged.
 */
export function outputErrorFor(path: string, thrown: unknown): TwnetError {
  if (thrown instanceof TwnetError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code ?? '';
  const reason = REASONS[code] ?? messageOf(thrown);
  return new OutputError(`cannot write ${path}: ${reason}`, { cause: thrown });
}
