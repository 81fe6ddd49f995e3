import type { Command } from 'commander';
import { createProgram } from '../../../twnet/src/cli/program.js';
import { registerBenchmarkCommand } from './benchmark.js';
import { registerReportCommand } from './report.js';

/** `twnet` with the commands that measure; in the repository `npm run twnet`. */
export function createMeasuringProgram(): Command {
  return createProgram(registerBenchmarkCommand, registerReportCommand);
}
