/** The key-frame network on a data set's labelled stills. */
import { statSync } from 'node:fs';
import { classIou, meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
import { Networks } from '@twnet/node/networks/networks';
import { loadStill } from '@twnet/train/data/camvid';
import type { DataSet } from '@twnet/train/data/sets/data-set';
import { scoreStills } from '../accuracy/score-stills.js';
import type { Measurements } from './measurements.js';
import { digestOf, type StudyModel } from './study-model.js';

export interface StillsScore {
  readonly pictures: number;
  readonly meanIou: number;
  readonly pixelAccuracy: number;
  /** In the order of the model's classes; null where none has it. */
  readonly classes: readonly (number | null)[];
}

/** Measures, or gives what was kept. @throws InputError for stills that cannot be read or have other sizes */
export async function stillsScore(
  model: StudyModel,
  dataSet: DataSet,
  measurements: Measurements,
  { threads, onPicture }: { readonly threads?: number; readonly onPicture?: () => void },
): Promise<StillsScore> {
  const files = await dataSet.stills(dataSet.scoringSplit);
  const paths = files.flatMap(({ imagePath, labelPath }) => [imagePath, labelPath]);
  const digest = digestOf(
    paths.map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${path} ${size} ${mtimeMs}`;
    }),
  );
  const kept = await measurements.get(`stills-${digest}-${model.keyDigest}`, async () => {
    const { width, height } = await loadStill(files[0]);
    const networks = await Networks.open(model.model, { width, height, threads, perFrame: true });
    try {
      const matrix = await scoreStills(networks, files, onPicture);
      return {
        pictures: files.length,
        meanIou: meanIou(matrix),
        pixelAccuracy: pixelAccuracy(matrix),
        classes: classIou(matrix),
      };
    } finally {
      await networks.close();
    }
  });
  return kept as StillsScore;
}
