/** The paper's tables and figures as a report, its figures beside those that were measured. */

import type { Report } from '../report/document.js';
import type { Stamp } from '../stamp/stamp.js';
import type { Measurements } from './measurements.js';
import type { Study } from './study.js';
import { errorAccumulation, speedAgainstAccuracy } from './tables/accumulation.js';
import { backbones, heads } from './tables/backbones.js';
import { classes } from './tables/classes.js';
import { clipViewer } from './tables/clip-viewer.js';
import { comparison } from './tables/comparison.js';
import { consistencyWeights } from './tables/consistency.js';
import { cost } from './tables/cost.js';
import { flowModels } from './tables/flows.js';
import { categoryGains, moduleEffects, warpingLayers } from './tables/modules.js';
import { qualitative } from './tables/qualitative.js';
import { speed } from './tables/speed.js';
import { summary } from './tables/summary.js';

export interface ReportContents {
  readonly study: Study;
  readonly measurements: Measurements;
  /** What could not be measured. */
  readonly failures: readonly string[];
  /** Lines on the machine and the version. */
  readonly machine: readonly string[];
  /** Of what was measured; its command makes this report. */
  readonly stamp: Stamp;
}

export async function paperReport(contents: ReportContents): Promise<Report> {
  const { study, measurements, failures, machine, stamp } = contents;
  const { gop, starts } = study.contents.protocol;
  const begun =
    starts > 1 ? `streams begin at each of the first ${starts} frames` : 'one stream from the first frame';
  return {
    title: 'Tamed Warping Network: the paper’s tables and figures, measured',
    about: [
      `Made by \`${stamp.command}\`. Figures of the paper (Feng, Li, Li) are set in italics; they are of Cityscapes at 1024 × 2048 on a GTX 1080 Ti where nothing else is said, so that shares and ratios compare, not the figures themselves.`,
      ...study.clips.map(
        ({ name, about, width, height }) =>
          `**${name}**: ${about}, ${width}×${height}, encoded as MPEG-4 with an I-frame in ${gop}; ${begun}.`,
      ),
      ...machine,
      'mIoU is of one confusion matrix over all frames, in percent; ÷ per frame is the share of the per-frame network’s mIoU on the same frames that is kept.',
      ...failures.map((line) => `Could not be measured: ${line}.`),
    ],
    sections: [
      summary(study),
      warpingLayers(study),
      consistencyWeights(study),
      moduleEffects(study),
      categoryGains(study),
      comparison(study),
      heads(),
      backbones(study),
      flowModels(study),
      await qualitative(study, measurements),
      ...[await clipViewer(study, measurements)].filter((section) => section !== undefined),
      errorAccumulation(study),
      ...[speedAgainstAccuracy(study)].filter((section) => section !== undefined),
      classes(study),
      cost(study),
      ...[speed(study)].filter((section) => section !== undefined),
    ],
  };
}
