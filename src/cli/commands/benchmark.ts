/** `twnet benchmark …`: the figures of the documents, one command each. */
import type { Command } from 'commander';
import { registerAccuracyBenchmarks } from './benchmark-accuracy.js';
import { registerMemoryBenchmark } from './benchmark-memory.js';
import { registerSpeedBenchmark } from './benchmark-speed.js';
import { registerTrainingBenchmark } from './benchmark-training.js';

export function registerBenchmarkCommand(program: Command): void {
  const benchmark = program
    .command('benchmark')
    .description('measure a model: accuracy, flicker, speed, memory');
  registerAccuracyBenchmarks(benchmark);
  registerSpeedBenchmark(benchmark);
  registerMemoryBenchmark(benchmark);
  registerTrainingBenchmark(benchmark);
}
