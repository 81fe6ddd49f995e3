/** The fixed network whose labels are the targets where there are none by hand. */
import { readFile, stat } from 'node:fs/promises';
import { CITYSCAPES, type ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { Model } from '@twnet/node/model/model';
import { sha256 } from '@twnet/node/model/model-files';
import { efficientVitWeights } from '../import/efficientvit.js';
import { openWeightFile } from '../import/weight-file.js';

export interface Teacher {
  readonly network: LoadedNetwork;
  readonly classes: ClassTable;
  /** Identifies the weights. */
  readonly digest: string;
  readonly name: string;
}

/**
 * Opens a teacher: a model's folder, or a file with the weights of EfficientViT-Seg-B0 for Cityscapes.
 *
 * @throws InputError for what is neither
 */
export async function openTeacher(path: string): Promise<Teacher> {
  const facts = await stat(path).catch(() => {
    throw new InputError(
      `${path}: cannot be read; give a model's folder or the weights of EfficientViT-Seg-B0`,
    );
  });
  if (facts.isDirectory()) {
    const model = await Model.open(path);
    const { name, classes, palette } = model.card;
    const table = { name, classes, palette };
    return { network: model.keyFrame(), classes: table, digest: model.digest, name };
  }
  const { tensors } = await openWeightFile(path);
  const { length } = CITYSCAPES.classes;
  const network = {
    description: efficientVitSegmenter(length),
    weights: efficientVitWeights(tensors, length, path),
  };
  return { network, classes: CITYSCAPES, digest: sha256(await readFile(path)), name: 'EfficientViT-Seg-B0' };
}

/** What Cityscapes' pictures have, which the best networks for streets were trained on. */
const BEST = { width: 2048, height: 1024 };
/** Beyond it enlarging shows a network nothing new. */
const LARGEST_ENLARGING = 3;

/** The scale at which a picture of streets is as large as the largest of Cityscapes' size that has its proportions. */
export function bestScale({ width, height }: { width: number; height: number }): number {
  return Math.min(BEST.width / width, BEST.height / height, LARGEST_ENLARGING);
}
