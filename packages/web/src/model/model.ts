/** Models by address, or of files that somebody chose. */
import { InputError } from '@twnet/core/errors';
import { Model, type ModelFiles } from '@twnet/core/model/model';
import { fetchBytes } from '../kernels/provide.js';

/** The address of a model's folder, the files of one, or a model that has been read. */
export type ModelInput = string | URL | Iterable<File> | ModelFiles | Model;

/**
 * Reads a model: its card, and the weights of its key-frame network; others when they are needed.
 *
 * @param input address of a folder that has `model.json` and what that names; or those files themselves
 * @throws InputError for what cannot be fetched or used
 */
export async function readModel(input: ModelInput, signal?: AbortSignal): Promise<Model> {
  if (input instanceof Model) return input;
  if (typeof input === 'string' || input instanceof URL) return Model.read(filesAt(input, signal));
  return Model.read(Symbol.iterator in input ? filesAmong(input) : input);
}

function filesAt(address: string | URL, signal?: AbortSignal): ModelFiles {
  const folder = new URL(address, globalThis.location?.href).href.replace(/\/?$/, '/');
  return {
    folder,
    path: (name) => `${folder}${name}`,
    read: (name) => fetchBytes(`${folder}${name}`, signal),
  };
}

function filesAmong(files: Iterable<File>): ModelFiles {
  const byName = new Map([...files].map((file) => [file.name, file]));
  return {
    folder: 'the chosen model',
    async read(name) {
      const file = byName.get(name);
      if (!file)
        throw new InputError(
          `the chosen model lacks ${name}; choose all files of its folder: ${[...byName.keys()].join(', ') || 'there are none'}`,
        );
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}
