/** A model: the card and the descriptions and weights of its networks, read from a folder. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@twnet/core/errors';
import { type LoadedNetwork, withContext } from '@twnet/core/model/loaded-network';
import { CARD_FILE, type ModelCard, type NetworkEntry } from '@twnet/core/model/model-card';
import type { NetworkDescription } from '@twnet/core/network/description';
import { keyFrameNetwork, type WarpLayer } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '@twnet/core/network/normalisation';
import { parseSafetensors, type Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { fileInside, modelDigest, readModelCard, readWeightsFile } from './model-files.js';
import { checkFolder } from './networks-options.js';

/** The model that the package ships. */
export const DEFAULT_MODEL = fileURLToPath(new URL('../../../models/camvid-mobilenet-v1', import.meta.url));

export class Model {
  private constructor(
    readonly folder: string,
    readonly card: ModelCard,
    /** Identifies the weights: see {@link modelDigest}. */
    readonly digest: string,
    private readonly keyWeights: Weights,
  ) {}

  /**
   * Opens a model folder, the shipped one if none is named.
   *
   * @throws InputError for a folder, card or weights that cannot be used, or that are not what the card describes
   */
  static async open(folder: string = DEFAULT_MODEL): Promise<Model> {
    checkFolder('Model.open', folder);
    const card = await readModelCard(folder);
    const { zeroPoint, scale } = card.normalisation;
    if (zeroPoint !== PIXEL_ZERO_POINT || Math.abs(scale - PIXEL_SCALE) > 1e-9) {
      throw new InputError(
        `${folder}: normalises pixels another way than this version (zero point ${zeroPoint}, scale ${scale})`,
      );
    }
    const description = keyFrameNetwork(card.backbone, card.classes.length);
    const weights = await entryWeights(folder, card.networks.key, description);
    return new Model(folder, card, await modelDigest(folder), weights);
  }

  get classes(): number {
    return this.card.classes.length;
  }

  /** The key-frame CNN; its context output is the one of `layer`, none without (the per-frame model). */
  keyFrame(layer?: WarpLayer): LoadedNetwork {
    const full = keyFrameNetwork(this.card.backbone, this.classes);
    return { description: withContext(full, layer), weights: this.keyWeights };
  }

  /**
   * The non-key-frame CNN that warps decoder layer `layer`.
   *
   * @param warpAlone the key-frame CNN's own head and tail behind the warp, nothing corrected or fine-tuned
   *   (the baseline of the paper's Table 1); Layer 3, which has no head, never is anything else
   */
  async nonKeyFrame(layer: WarpLayer, warpAlone = layer === 3): Promise<LoadedNetwork> {
    const { backbone, networks } = this.card;
    if (warpAlone || layer === 3) {
      const description = nonKeyFrameNetwork(backbone, this.classes, layer, { cfr: false, rga: false });
      return { description, weights: this.keyWeights };
    }
    const entry = networks[`layer${layer}`];
    if (!entry) {
      throw new InputError(
        `${this.folder}: has no non-key-frame network for Layer ${layer}; train it or choose another --layer`,
      );
    }
    const { correction, tailRank } = entry;
    const description = nonKeyFrameNetwork(backbone, this.classes, layer, correction, tailRank);
    return { description, weights: await entryWeights(this.folder, entry, description) };
  }
}

/** The weights that an entry of a folder's card names. */
async function entryWeights(
  folder: string,
  { weights, sha256 }: NetworkEntry,
  description: NetworkDescription,
): Promise<Weights> {
  return readWeights(await fileInside(folder, weights, join(folder, CARD_FILE)), description, sha256);
}

/**
 * Reads a weights file and checks that it fits a network and holds numbers.
 *
 * @param sha256 that the file has to have, where it is known
 * @throws InputError naming the file and the tensor
 */
export async function readWeights(
  path: string,
  description: NetworkDescription,
  sha256?: string,
): Promise<Weights> {
  const { tensors } = parseSafetensors(await readWeightsFile(path, sha256), path);
  for (const { name, shape, role } of networkParameters(description)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new InputError(`${path}: lacks the tensor ${name} of ${description.name}`);
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(
        `${path}: ${name} has the shape [${tensor.shape}], ${description.name} wants [${shape}]`,
      );
    }
    const wrong = unusableValue(tensor.data, role === 'variance' ? 0 : Number.NEGATIVE_INFINITY);
    if (wrong !== undefined) {
      const what = role === 'variance' ? `the variance ${wrong}` : `the value ${wrong}`;
      throw new InputError(`${path}: ${name} holds ${what}: the file is damaged or its training failed`);
    }
  }
  return tensors;
}

/** The first value that is not finite or below `least`. */
function unusableValue(values: Float32Array, least: number): number | undefined {
  for (const value of values) if (!(Number.isFinite(value) && value >= least)) return value;
  return undefined;
}
