/** `twnet benchmark training`: a training step's time and its profile. */
import type { Command } from 'commander';
import { positiveInteger, sizeOption } from '../../../twnet/src/cli/option-values.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface TrainingFlags extends MeasurementFlags {
  readonly size: { width: number; height: number };
  readonly batch: number;
  readonly steps: number;
  readonly backbone?: string;
  readonly threads?: number;
  readonly profile?: boolean;
}

export function registerTrainingBenchmark(benchmark: Command): void {
  benchmark
    .command('training')
    .description('time of a training step of the key-frame network, on random pictures')
    .addOption(sizeOption('frame size'))
    .option('--batch <n>', 'pictures a step', positiveInteger, 4)
    .option('--steps <n>', 'steps counted, after three that are not', positiveInteger, 15)
    .option('--backbone <name>', 'mobilenet-v1 (default), mobilenet-v2 or resnet-18')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--profile', 'time by operator (profiling itself costs a little)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  twnet benchmark training --threads 2 --profile')
    .action(timeTraining);
}

async function timeTraining(flags: TrainingFlags): Promise<void> {
  const [{ keyConfigSchema }, { parseConfig }, { timeKeyStep }] = await Promise.all([
    import('@twnet/train/config/config'),
    import('@twnet/train/config/parse-config'),
    import('../training/step-timing.js'),
  ]);
  const { size, batch, backbone, steps, threads, profile = false } = flags;
  const config = parseConfig(keyConfigSchema, { size, batch, ...(backbone ? { backbone } : {}) }, 'options');
  const timing = await timeKeyStep({ config, steps, warmup: 3, threads, profile });
  const sorted = timing.milliseconds.toSorted((a, b) => a - b);
  const range = `${sorted[0].toFixed(0)} to ${sorted[sorted.length - 1].toFixed(0)}`;
  await printMeasurement(flags, [], { ...size, batch, backbone: config.backbone, ...timing }, [
    `training step: ${timing.median.toFixed(0)} ms (median of ${steps}; ${range})`,
    ...(timing.operators ?? [])
      .slice(0, 15)
      .map(
        ({ operator, milliseconds, calls }) =>
          `${milliseconds.toFixed(1).padStart(8)} ms  ${operator} ×${calls.toFixed(0)}`,
      ),
  ]);
}
