/** What the person at the terminal reads when something goes wrong. */

import { messageOf, TwnetError } from '@twnet/core/errors';
import { CommanderError } from 'commander';

/** Exit code of a bug in this program. */
const BUG = 70;
/** Exit code of a command line that cannot be understood, as of every other unusable input. */
const USAGE = 2;

/**
 * Prints an error to stderr and returns the exit code: one line for what the person can put right, the stack
 * for a bug. Commander has printed its own messages already.
 */
export function reportError(thrown: unknown): number {
  if (thrown instanceof CommanderError) {
    return thrown.exitCode === 0 ? 0 : USAGE;
  }
  if (thrown instanceof TwnetError) {
    process.stderr.write(`twnet: ${oneLine(thrown.message)}\n`);
    return thrown.exitCode;
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  process.stderr.write(
    `twnet: ${messageOf(thrown)}\nThis is a bug in twnet; please report it with these lines:\n`,
  );
  process.stderr.write(`${stack ?? String(thrown)}\n`);
  return BUG;
}

/** Libraries' messages, quoted in ours, may hold line breaks. */
export function oneLine(message: string): string {
  return message.trim().replace(/\s*\n\s*/g, ' ');
}

/** Ends a command that did several things: of several failures each is told, and the worst exit code counts. */
export function failAll(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  const codes = failures.map(reportError);
  if (codes.length > 0) process.exit(Math.max(...codes));
}
