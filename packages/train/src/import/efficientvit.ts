/** Weights of EfficientViT-Seg-B0 by its authors' names, as a state dict has them. */
import { InputError } from '@twnet/core/errors';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { theirName } from './names/efficientvit.js';
import { printable } from './printable.js';
import type { StoredTensors } from './stored-tensor.js';

/**
 * All of the network's parameters, norms not folded, by this project's names.
 *
 * @throws InputError, one line, for the first tensor that is missing, of another shape or not finite
 */
export function efficientVitWeights(tensors: StoredTensors, classes: number, source: string): Weights {
  return new Map(
    networkParameters(efficientVitSegmenter(classes)).map(({ name, shape, role }) => {
      const theirs = theirName(name, role);
      const tensor = tensors.get(theirs);
      const wanted = `EfficientViT-Seg-B0 of ${classes} classes wants [${shape}]`;
      if (!tensor) throw new InputError(`${source}: has no tensor ${theirs}; ${wanted}`);
      if (tensor.shape.join() !== shape.join())
        throw new InputError(`${source}: ${printable(theirs)} has the shape [${tensor.shape}], ${wanted}`);
      const data = tensor.read();
      if (!data.every(Number.isFinite))
        throw new InputError(`${source}: ${printable(theirs)} holds values that are no finite numbers`);
      return [name, { shape, data }];
    }),
  );
}
