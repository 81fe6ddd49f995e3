/** `twnet benchmark …`: the figures of the documents, one command each. */
import type { Command } from 'commander';
import { registerAccuracyBenchmarks } from './benchmark-accuracy.js';
import { registerCostBenchmark } from './benchmark-cost.js';
import { registerMemoryBenchmark } from './benchmark-memory.js';
import { registerSpeedBenchmark } from './benchmark-speed.js';
import { registerTrainingBenchmark } from './benchmark-training.js';
import { withMeasurementOptions } from './print-measurement.js';

export function registerBenchmarkCommand(program: Command): void {
  const benchmark = program
    .command('benchmark')
    .description('measure a model: accuracy, flicker, speed, cost, memory');
  registerAccuracyBenchmarks(benchmark);
  registerSpeedBenchmark(benchmark);
  registerCostBenchmark(benchmark);
  registerMemoryBenchmark(benchmark);
  registerTrainingBenchmark(benchmark);
  for (const command of benchmark.commands) withMeasurementOptions(command);
}
