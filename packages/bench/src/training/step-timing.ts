/** How long a step of step 1 takes, and where the time goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { type OperatorTime, readProfile } from '@twnet/node/engine/profile';
import { GraphSession } from '@twnet/node/engine/session';
import type { KeyConfig } from '@twnet/train/config/config';
import { keyDescription, keyStepGraph } from '@twnet/train/key/key-training';
import { freshState, runStep } from '@twnet/train/run/state';

export interface StepTiming {
  /** Wall-clock milliseconds of each counted step. */
  readonly milliseconds: readonly number[];
  readonly median: number;
  /** Operators by time, milliseconds a step, largest first; only when profiled. */
  readonly operators?: readonly OperatorTime[];
}

export interface StepTimingOptions {
  readonly config: Pick<KeyConfig, 'backbone' | 'batch' | 'size'> & KeyConfig;
  readonly steps: number;
  readonly warmup: number;
  readonly threads?: number;
  readonly profile: boolean;
}

/** Times training steps of the key-frame network (batch norm in training form) on random pictures. */
export async function timeKeyStep(options: StepTimingOptions): Promise<StepTiming> {
  const { config, steps, warmup, threads, profile } = options;
  const classes = CAMVID.classes.length;
  const folder = profile ? await mkdtemp(join(tmpdir(), 'twnet-profile-')) : undefined;
  const step = keyStepGraph(config, classes, 'batch');
  const profilePrefix = folder ? join(folder, 'step') : undefined;
  await using session = await GraphSession.open(step.graph, { threads, profilePrefix });
  const random = seededRandom(config.seed);
  const state = freshState(randomWeights(keyDescription(config, classes), random));
  const pixels = config.batch * config.size.height * config.size.width;
  const feeds = {
    image: Uint8Array.from({ length: 3 * pixels }, () => 256 * random()),
    labels: Uint8Array.from({ length: pixels }, () => classes * random()),
    labelWeights: new Float32Array(256).fill(1, 0, classes),
  };
  const milliseconds: number[] = [];
  for (let i = 0; i < warmup + steps; i++) {
    const start = performance.now();
    await runStep(session, step, state, feeds, config.learningRate);
    if (i >= warmup) milliseconds.push(performance.now() - start);
  }
  let operators: OperatorTime[] | undefined;
  if (folder) {
    session.endProfiling();
    operators = await readProfile(folder, warmup);
    await rm(folder, { recursive: true });
  }
  const median = milliseconds.toSorted((a, b) => a - b)[milliseconds.length >> 1];
  return { milliseconds, median, operators };
}
