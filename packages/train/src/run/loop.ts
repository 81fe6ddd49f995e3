/** The loop that both training steps share: rate, step, log, checkpoint, validation, progress. */
import { TwnetError } from '@twnet/core/errors';
import type { TensorData } from '@twnet/core/runtime/engine';
import type { KeyConfig } from '../config/config.js';
import type { RunFolder } from './run-folder.js';
import type { TrainingState } from './state.js';
import { averageWeights } from './weight-average.js';

/** What the person at the terminal sees of a run. */
export interface TrainingProgress {
  step(done: number, total: number, loss: number): void;
  /** Steps begin, after `done` of an earlier run. */
  begin(done: number): void;
  note(line: string): void;
}

export interface LoopOptions {
  readonly config: Pick<
    KeyConfig,
    'learningRate' | 'steps' | 'schedule' | 'checkpointMinutes' | 'validateEvery' | 'ema'
  >;
  readonly state: TrainingState;
  readonly folder: RunFolder;
  readonly progress: TrainingProgress;
  /** Runs one step at a rate; gives its scalars by name, `loss` among them. */
  readonly run: (rate: number) => Promise<Readonly<Record<string, TensorData>>>;
  /** Scores by name, such as mIoU, of what would be shipped (see `shippedWeights`). */
  readonly validate: () => Promise<Readonly<Record<string, number>>>;
  /** Ends training after the step that runs; what was learnt is kept as a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Weight of the newest loss in the running mean that progress shows. */
const SMOOTHING = 0.05;

/**
 * Trains up to `config.steps`; gives the last validation.
 *
 * @throws the signal's reason where it is aborted, behind a checkpoint of the steps that were run
 */
export async function trainingLoop(options: LoopOptions): Promise<Readonly<Record<string, number>>> {
  const { state, folder, signal } = options;
  const kept = { step: state.step };
  try {
    return await trainingSteps(options, kept);
  } catch (error) {
    if (signal?.aborted && error === signal.reason && state.step > kept.step) await keep(folder, state, kept);
    throw error;
  }
}

/** @param kept the step of the newest checkpoint */
async function trainingSteps(
  options: LoopOptions,
  kept: { step: number },
): Promise<Readonly<Record<string, number>>> {
  const { config, state, folder, progress, run, signal } = options;
  let smoothed: number | undefined;
  let validated: Readonly<Record<string, number>> | undefined;
  let lastCheckpoint = performance.now();
  signal?.throwIfAborted();
  progress.begin(state.step);
  while (state.step < config.steps) {
    const learningRate = learningRateAt(state.step, config);
    const start = performance.now();
    const scalars = scalarsOf(await run(learningRate));
    if (!Number.isFinite(scalars.loss)) {
      throw new TwnetError(
        `training diverged: the loss is ${scalars.loss} at step ${state.step}; the last good checkpoint is kept, try a lower learning rate`,
      );
    }
    averageWeights(state, config.ema);
    folder.append({
      step: state.step,
      ...scalars,
      learningRate,
      milliseconds: Math.round(performance.now() - start),
    });
    smoothed = smoothed === undefined ? scalars.loss : smoothed + SMOOTHING * (scalars.loss - smoothed);
    progress.step(state.step, config.steps, smoothed);
    signal?.throwIfAborted();

    const last = state.step === config.steps;
    if (last || (config.validateEvery > 0 && state.step % config.validateEvery === 0)) {
      validated = await options.validate();
      folder.append({ step: state.step, ...validated });
      progress.note(
        `step ${state.step}: ${Object.entries(validated)
          .map(([k, v]) => `${k} ${v.toFixed(4)}`)
          .join(', ')}`,
      );
    }
    if (last || performance.now() - lastCheckpoint > config.checkpointMinutes * 60_000) {
      await keep(folder, state, kept);
      lastCheckpoint = performance.now();
    }
  }
  return validated ?? (await options.validate());
}

/** Rate of step `step` (from 0) of `steps`. */
export function learningRateAt(
  step: number,
  { learningRate, steps, schedule }: Pick<KeyConfig, 'learningRate' | 'steps' | 'schedule'>,
): number {
  const rise = Math.min(1, (step + 1) / (schedule.warmup + 1));
  const fall = schedule.kind === 'poly' ? Math.max(0, 1 - step / steps) ** schedule.power : 1;
  return learningRate * rise * fall;
}

async function keep(folder: RunFolder, state: TrainingState, kept: { step: number }): Promise<void> {
  await folder.checkpoint(state);
  kept.step = state.step;
  await folder.drawCurves();
}

function scalarsOf(results: Readonly<Record<string, TensorData>>): Record<string, number> & { loss: number } {
  const scalars = Object.entries(results).filter(([, data]) => data.length === 1);
  return Object.fromEntries(scalars.map(([name, data]) => [name, Number(data[0])])) as Record<
    string,
    number
  > & { loss: number };
}
