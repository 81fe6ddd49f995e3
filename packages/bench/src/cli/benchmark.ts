/** `twnet benchmark …`: the figures of the documents, one command each. */
import type { Command } from 'commander';
import { registerAgreementBenchmark } from './benchmark-agreement.js';
import { registerClipBenchmark } from './benchmark-clip.js';
import { registerCostBenchmark } from './benchmark-cost.js';
import { registerFlickerBenchmark } from './benchmark-flicker.js';
import { registerFrontierBenchmark } from './benchmark-frontier.js';
import { registerMemoryBenchmark } from './benchmark-memory.js';
import { registerQualityBenchmark } from './benchmark-quality.js';
import { registerSpeedBenchmark } from './benchmark-speed.js';
import { registerStillsBenchmark } from './benchmark-stills.js';
import { registerThroughputBenchmark } from './benchmark-throughput.js';
import { registerTrainingBenchmark } from './benchmark-training.js';
import { withMeasurementOptions } from './print-measurement.js';

export function registerBenchmarkCommand(program: Command): void {
  const benchmark = program
    .command('benchmark')
    .description('measure a model: accuracy, agreement, flicker, speed, cost, memory');
  registerStillsBenchmark(benchmark);
  registerClipBenchmark(benchmark);
  registerFlickerBenchmark(benchmark);
  registerFrontierBenchmark(benchmark);
  registerQualityBenchmark(benchmark);
  registerAgreementBenchmark(benchmark);
  registerSpeedBenchmark(benchmark);
  registerThroughputBenchmark(benchmark);
  registerCostBenchmark(benchmark);
  registerMemoryBenchmark(benchmark);
  registerTrainingBenchmark(benchmark);
  for (const command of benchmark.commands) withMeasurementOptions(command);
}
