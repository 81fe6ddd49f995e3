/** `twnet` with the commands that measure; in the repository `npm run twnet`. */
import { createProgram } from '../../twnet/src/cli/program.js';
import { run } from '../../twnet/src/cli/run.js';
import { registerBenchmarkCommand } from './cli/benchmark.js';
import { registerReportCommand } from './cli/report.js';

await run(createProgram(registerBenchmarkCommand, registerReportCommand));
