/** Models in folders. */
import { join } from 'node:path';
import { Model as ModelOfFiles, readWeights as readWeightsOf } from '@twnet/core/model/model';
import { CARD_FILE } from '@twnet/core/model/model-card';
import type { NetworkDescription } from '@twnet/core/network/description';
import type { Weights } from '@twnet/core/network/safetensors';
import { fileInside, modelDigest, readCard, readWeightsFile, sha256 } from './model-files.js';
import { checkFolder } from './networks-options.js';
import { DEFAULT_MODEL, modelFolder } from './shipped-models.js';

export { DEFAULT_MODEL, PAPER_MODEL, shippedModels } from './shipped-models.js';

export type Model = ModelOfFiles;
export const Model = {
  /** See {@link ModelOfFiles.read}. */
  read: ModelOfFiles.read,
  /**
   * Opens a model that ships by its name, or a model folder.
   *
   * @param model default: {@link DEFAULT_MODEL}
   * @throws InputError for a name, folder, card or weights that cannot be used, or that are not what the card describes
   */
  async open(model: string = DEFAULT_MODEL): Promise<Model> {
    checkFolder('Model.open', model);
    const folder = modelFolder(model);
    const path = (name: string) => join(folder, name);
    return ModelOfFiles.read({
      ...{ folder, path, sha256, digest: () => modelDigest(folder) },
      read: async (name) =>
        name === CARD_FILE
          ? readCard(folder)
          : readWeightsFile(await fileInside(folder, name, path(CARD_FILE))),
    });
  },
};

/**
 * Reads a weights file and checks that it fits a network and holds numbers.
 *
 * @param digest SHA-256 that the file has to have, where it is known
 * @throws InputError naming the file and the tensor
 */
export async function readWeights(
  path: string,
  description: NetworkDescription,
  digest?: string,
): Promise<Weights> {
  const file = { weights: path, sha256: digest };
  return readWeightsOf({ read: readWeightsFile, sha256 }, file, description);
}
