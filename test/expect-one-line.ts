import { expect } from 'vitest';
import type { CliResult } from './run-cli.js';

/** One line for the person at the terminal, no stack trace, and the exit code that goes with it. */
export function expectOneLine(result: CliResult, exitCode: number, message: RegExp): void {
  expect(result.stderr).toMatch(message);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).toMatch(/^twnet: /);
  expect(result.exitCode).toBe(exitCode);
}
