/** Speed of every backbone and layer, measured once a machine and kept. */

import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import type { Model } from '@twnet/node/model/model';
import { measureSpeeds, type SpeedProgress, type SpeedReport } from '../speed/speed.js';
import type { SpeedMeasurement } from '../speed/speed-measurement.js';
import type { FrameSize, SpeedPlan } from '../speed/speed-plan.js';
import { describeMachine } from '../stamp/machine.js';
import type { Measurements } from './measurements.js';
import { digestOf } from './study-model.js';

export interface SpeedsOptions {
  /** Weights of those backbones that have some. The first one's backbone is also timed by operator. */
  readonly models: readonly Model[];
  /** What Table 8 compares all backbones at. */
  readonly sizes: readonly FrameSize[];
  readonly gop: number;
  readonly rounds: number;
  /** Frames of a run at least; default 24. */
  readonly frames?: number;
  readonly threads?: number;
}

/** One measurement a backbone and size; each is kept by itself. */
export async function studySpeeds(
  { models, sizes, gop, rounds, frames = 24, threads }: SpeedsOptions,
  measurements: Measurements,
  onProgress?: SpeedProgress,
): Promise<SpeedReport[]> {
  const main = models[0].card.backbone;
  const largest = sizes.toSorted((a, b) => a.width * a.height - b.width * b.height).at(-1);
  const plans: SpeedPlan[] = sizes.flatMap((size) =>
    BACKBONE_NAMES.map((backbone) => ({
      ...{ models, layers: [1, 2, 3] as const, rounds, frames, threads, gop },
      backbones: [backbone],
      sizes: [size],
      operators: backbone === main && size === largest,
    })),
  );
  const machine = JSON.stringify(describeMachine());
  const reports: SpeedReport[] = [];
  for (const [index, plan] of plans.entries()) {
    const part = `part ${index + 1} of ${plans.length}`;
    const { models: given, ...rest } = plan;
    const weights = given.map(({ card, folder }) => `${card.backbone} ${folder}`);
    const id = `speed-${digestOf([machine, JSON.stringify(rest), ...weights])}`;
    reports.push(
      (await measurements.get(id, () =>
        measureSpeeds(plan, (done, total, what) => onProgress?.(done, total, `${part}: ${what}`)),
      )) as SpeedReport,
    );
  }
  return reports;
}

export function speedOf(
  reports: readonly SpeedReport[],
  {
    backbone,
    layer,
    width,
    height,
    gop,
  }: Pick<SpeedMeasurement, 'backbone' | 'layer' | 'gop' | keyof FrameSize>,
): SpeedMeasurement | undefined {
  return reports
    .flatMap(({ measurements }) => measurements)
    .find(
      (one) =>
        one.backbone === backbone &&
        one.layer === layer &&
        one.width === width &&
        one.height === height &&
        one.gop === gop,
    );
}
