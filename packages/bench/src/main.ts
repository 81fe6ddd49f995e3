import { run } from '../../twnet/src/cli/run.js';
import { createMeasuringProgram } from './cli/program.js';

await run(createMeasuringProgram());
