/** Speed of every backbone and layer, measured once a machine and kept. */

import { BACKBONE_NAMES, type BackboneName } from '@twnet/core/network/backbones';
import type { Model } from '@twnet/node/model/model';
import { measureSpeeds, type SpeedProgress, type SpeedReport } from '../speed/speed.js';
import type { FrameSize, SpeedPlan } from '../speed/speed-plan.js';
import { describeMachine } from '../stamp/machine.js';
import type { Measurements } from './measurements.js';
import { digestOf } from './study-model.js';

export interface SpeedsOptions {
  /** Weights of those backbones that have some. The first one's backbone is also timed over sizes, groups, threads. */
  readonly models: readonly Model[];
  /** What Table 8 compares all backbones at. */
  readonly sizes: readonly FrameSize[];
  readonly gop: number;
  readonly rounds: number;
  /** Frames of a run at least; default 24. */
  readonly frames?: number;
  readonly threads?: number;
}

/** How time grows is measured on the smallest size: enlarged so many times, and over groups of pictures. */
const GROWTH_SCALES = [1, 2, 3];
const GROWTH_GOPS = [1, 2, 4, 12];

/** One measurement a backbone and size, and those of growth; each is kept by itself. */
export async function studySpeeds(
  { models, sizes, gop, rounds, frames = 24, threads }: SpeedsOptions,
  measurements: Measurements,
  onProgress?: SpeedProgress,
): Promise<SpeedReport[]> {
  const shared = { models, layers: [1, 2, 3], rounds, frames } as const;
  const main = models[0].card.backbone;
  const [smallest, ...larger] = sizes.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const largest = larger.at(-1) ?? smallest;
  const enlarged = GROWTH_SCALES.map((k) => ({ width: k * smallest.width, height: k * smallest.height }));
  const plans: SpeedPlan[] = sizes.flatMap((size) =>
    BACKBONE_NAMES.map((backbone) => ({
      ...shared,
      backbones: [backbone],
      sizes: [size],
      threads: [threads],
      gops: [gop],
      operators: backbone === main && size === largest,
    })),
  );
  plans.push(
    { ...shared, backbones: [main], sizes: enlarged, threads: [threads], gops: [gop] },
    { ...shared, backbones: [main], sizes: [smallest], threads: [threads], gops: GROWTH_GOPS },
    { ...shared, backbones: [main], sizes: [smallest], threads: threadCounts(), gops: [gop] },
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

/** 1, 2, 4, … and all that this machine has. */
function threadCounts(): number[] {
  const { cores } = describeMachine();
  const counts: number[] = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, cores];
}

export function speedOf(
  reports: readonly SpeedReport[],
  wanted: FrameSize & { readonly backbone: BackboneName; readonly layer: number; readonly gop: number },
) {
  for (const { measurements } of reports)
    for (const one of measurements)
      if (
        one.backbone === wanted.backbone &&
        one.layer === wanted.layer &&
        one.width === wanted.width &&
        one.height === wanted.height &&
        one.gop === wanted.gop
      )
        return one;
  return undefined;
}
