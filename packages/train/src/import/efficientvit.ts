/** Weights of EfficientViT-Seg-B0 by its authors' names, as a state dict has them. */
import { InputError } from '@twnet/core/errors';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { theirName } from './names/efficientvit.js';
import { printable } from './printable.js';
import type { StoredTensors } from './stored-tensor.js';

const FIRST = 'backbone.input_stem.op_list.0.conv.weight';

/**
 * All of the network's parameters, norms not folded, by this project's names.
 *
 * @throws InputError, one line, for the first tensor that is missing, of another shape or not finite
 */
export function efficientVitWeights(tensors: StoredTensors, classes: number, source: string): Weights {
  const prefix = prefixOf(tensors);
  return new Map(
    networkParameters(efficientVitSegmenter(classes)).map(({ name, shape, role }) => {
      const theirs = prefix + theirName(name, role);
      const tensor = tensors.get(theirs);
      const wanted = `EfficientViT-Seg-B0 of ${classes} classes wants [${shape}]`;
      if (!tensor) throw new InputError(`${source}: has no tensor ${printable(theirs)}; ${wanted}`);
      if (name === 'classifier.weight' && tensor.shape.slice(1).join() === shape.slice(1).join())
        checkClasses(tensor.shape[0], classes, source);
      if (tensor.shape.join() !== shape.join())
        throw new InputError(`${source}: ${printable(theirs)} has the shape [${tensor.shape}], ${wanted}`);
      const data = tensor.read();
      if (!data.every(Number.isFinite))
        throw new InputError(`${source}: ${printable(theirs)} holds values that are no finite numbers`);
      return [name, { shape, data }];
    }),
  );
}

function checkClasses(found: number, classes: number, source: string): void {
  if (found !== classes)
    throw new InputError(
      `${source}: is of ${found} classes; only weights of Cityscapes' ${classes} can be read`,
    );
}

/** What stands before every name, such as `module.`, and the names of a network's tensors with it. */
export function usedTensors(
  tensors: StoredTensors,
  classes: number,
): { readonly prefix: string; readonly used: ReadonlySet<string> } {
  const prefix = prefixOf(tensors);
  const parameters = networkParameters(efficientVitSegmenter(classes));
  return { prefix, used: new Set(parameters.map(({ name, role }) => prefix + theirName(name, role))) };
}

function prefixOf(tensors: StoredTensors): string {
  if (tensors.has(FIRST)) return '';
  for (const name of tensors.keys()) if (name.endsWith(`.${FIRST}`)) return name.slice(0, -FIRST.length);
  return '';
}
