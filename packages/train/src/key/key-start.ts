/** What step 1 starts from: random weights, an ImageNet encoder, or a model that is there already. */

import { CITYSCAPES } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { perFrameNetwork } from '@twnet/core/network/architectures';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { Model } from '@twnet/node/model/model';
import type { KeyConfig } from '../config/config.js';
import { STREAM } from '../data/random-streams.js';
import { efficientVitWeights } from '../import/efficientvit.js';
import { encoderOrigin } from '../import/encoder-metadata.js';
import { importEncoder } from '../import/import-encoder.js';
import { mergeClassifier } from '../import/merged-classes.js';
import { openWeightFile } from '../import/weight-file.js';
import { copyEncoder, copyShared } from '../run/initial-weights.js';

export interface KeyStart {
  /** The network's weights for a data set of such classes. */
  readonly weights: (classes: readonly string[]) => Weights;
  /** Where they come from, for the model card. */
  readonly origin: string;
  /** What the person at the terminal should know of it. */
  readonly notes: readonly string[];
}

export interface KeyStartOptions {
  readonly config: Pick<KeyConfig, 'architecture' | 'backbone' | 'seed'>;
  /** Encoder weights, of any file that can be imported; of a segmenter those of the whole network. */
  readonly encoder?: string;
  /** Model folder whose key-frame network is trained on. */
  readonly from?: string;
}

/** @throws InputError when both are given, or when what is given does not fit the backbone. */
export async function keyStart({ config, encoder, from }: KeyStartOptions): Promise<KeyStart> {
  const { architecture, backbone, seed } = config;
  const random = ({ length }: readonly string[]): Weights =>
    randomWeights(perFrameNetwork(architecture, backbone, length), seededRandom(seed, 0, STREAM.keyStart));
  if (encoder && from) {
    throw new InputError(
      `--encoder ${encoder} and --from ${from}: choose one; a model has its encoder already`,
    );
  }
  if (from) return fromModel(from, config, random);
  if (!encoder) return { weights: random, origin: 'random weights', notes: [] };
  if (architecture === 'segmenter') return fromSegmenter(encoder, random);
  const imported = await importEncoder(encoder, { backbone });
  const weights = (classes: readonly string[]): Weights => {
    const start = random(classes);
    copyEncoder(start, imported.weights, imported.report.source);
    return start;
  };
  return { weights, origin: encoderOrigin(imported.metadata), notes: imported.report.notes };
}

/** EfficientViT-Seg-B0 as its authors trained it on Cityscapes. */
async function fromSegmenter(path: string, random: KeyStart['weights']): Promise<KeyStart> {
  const { tensors } = await openWeightFile(path);
  const found = efficientVitWeights(tensors, CITYSCAPES.classes.length, path);
  const weights = (classes: readonly string[]): Weights => {
    const start = random(classes);
    copyShared(start, found);
    mergeClassifier(start, { weights: found, classes: CITYSCAPES.classes }, classes);
    return start;
  };
  const origin =
    "EfficientViT-Seg-B0 (Cai et al., ICCV 2023; Apache-2.0), its authors' weights, trained on Cityscapes, whose data is for non-commercial use";
  return { weights, origin, notes: ['starting from EfficientViT-Seg-B0 for Cityscapes'] };
}

/** All that has the same shape; the classifier by {@link mergeClassifier}. */
async function fromModel(
  folder: string,
  { architecture, backbone }: KeyStartOptions['config'],
  random: KeyStart['weights'],
): Promise<KeyStart> {
  const model = await Model.open(folder);
  const { card } = model;
  if (architecture === 'lateral' && card.backbone !== backbone) {
    throw new InputError(
      `${folder}: its backbone is ${card.backbone}, not ${backbone}; give --backbone ${card.backbone}`,
    );
  }
  const weights = (classes: readonly string[]): Weights => {
    const start = random(classes);
    const { weights: found } = model.keyFrame();
    copyShared(start, found);
    mergeClassifier(start, { weights: found, classes: card.classes }, classes);
    return start;
  };
  return {
    weights,
    origin: `${card.name} (${card.provenance?.startedFrom ?? 'unknown'})`,
    notes: [`starting from the key-frame network of ${card.name}, ${card.classes.length} classes`],
  };
}
