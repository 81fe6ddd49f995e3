/**
 * Errors for the person at the terminal. The CLI prints `message` as one line and exits with `exitCode`;
 * anything that is not a {@link TwnetError} is a bug and keeps its stack trace.
 */
export class TwnetError extends Error {
  readonly exitCode: number = 1;
  override name = 'TwnetError';
}

/** Bad input: a file, folder, option or config that cannot be used. The message names it, says what is wrong and what to do. */
export class InputError extends TwnetError {
  override readonly exitCode = 2;
  override name = 'InputError';
}

/** The input was only partly readable: what could be done was done and written. */
export class PartialInputError extends TwnetError {
  override readonly exitCode = 3;
  override name = 'PartialInputError';
}

/** The output could not be written (folder not writable, disk full). Nothing is left under its final name. */
export class OutputError extends TwnetError {
  override readonly exitCode = 4;
  override name = 'OutputError';
}

/** One line that says what went wrong, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
