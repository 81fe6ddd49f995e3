/** What step 1 starts from: random weights, an ImageNet encoder, or a model that is there already. */

import { InputError } from '@twnet/core/errors';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { Model } from '@twnet/node/model/model';
import type { KeyConfig } from '../config/config.js';
import { STREAM } from '../data/random-streams.js';
import { encoderOrigin } from '../import/encoder-metadata.js';
import { importEncoder } from '../import/import-encoder.js';
import { copyEncoder, copyShared } from '../run/initial-weights.js';

export interface KeyStart {
  /** The network's weights for a data set of so many classes. */
  readonly weights: (classes: number) => Weights;
  /** Where they come from, for the model card. */
  readonly origin: string;
  /** What the person at the terminal should know of it. */
  readonly notes: readonly string[];
}

export interface KeyStartOptions {
  readonly config: Pick<KeyConfig, 'backbone' | 'seed'>;
  /** Encoder weights, of any file that can be imported. */
  readonly encoder?: string;
  /** Model folder whose key-frame network is trained on. */
  readonly from?: string;
}

/** @throws InputError when both are given, or when what is given does not fit the backbone. */
export async function keyStart({ config, encoder, from }: KeyStartOptions): Promise<KeyStart> {
  const random = (classes: number): Weights =>
    randomWeights(keyFrameNetwork(config.backbone, classes), seededRandom(config.seed, 0, STREAM.keyStart));
  if (encoder && from) {
    throw new InputError(
      `--encoder ${encoder} and --from ${from}: choose one; a model has its encoder already`,
    );
  }
  if (from) return fromModel(from, config.backbone, random);
  if (!encoder) return { weights: random, origin: 'random weights', notes: [] };
  const imported = await importEncoder(encoder, { backbone: config.backbone });
  const weights = (classes: number): Weights => {
    const start = random(classes);
    copyEncoder(start, imported.weights, imported.report.source);
    return start;
  };
  return { weights, origin: encoderOrigin(imported.metadata), notes: imported.report.notes };
}

/** All that has the same shape; of other classes, the classifier starts at random. */
async function fromModel(
  folder: string,
  backbone: KeyConfig['backbone'],
  random: (classes: number) => Weights,
): Promise<KeyStart> {
  const model = await Model.open(folder);
  const { card } = model;
  if (card.backbone !== backbone) {
    throw new InputError(
      `${folder}: its backbone is ${card.backbone}, not ${backbone}; give --backbone ${card.backbone}`,
    );
  }
  const weights = (classes: number): Weights => {
    const start = random(classes);
    copyShared(start, model.keyFrame(1).weights);
    return start;
  };
  return {
    weights,
    origin: `${card.name} (${card.provenance?.startedFrom ?? 'unknown'})`,
    notes: [`starting from the key-frame network of ${card.name}, ${card.classes.length} classes`],
  };
}
