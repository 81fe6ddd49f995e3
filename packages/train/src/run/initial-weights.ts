/** Where training starts: random decoders, encoders from ImageNet. */
import { InputError } from '@twnet/core/errors';
import type { Weights } from '@twnet/core/network/safetensors';

export { randomWeights } from '@twnet/core/network/random-weights';

/**
 * Copies an ImageNet encoder (`convNN.weight`, `convNN.bias`) over `encoder.convNN.*`; further convolutions of
 * the file (a classifier) are left.
 */
export function copyEncoder(weights: Weights, encoder: Weights, source: string): void {
  for (const [name, tensor] of weights) {
    if (!name.startsWith('encoder.')) continue;
    const start = encoder.get(name.slice('encoder.'.length));
    if (!start)
      throw new InputError(
        `${source}: has no tensor ${name.slice('encoder.'.length)}; is it of another network?`,
      );
    if (start.shape.join() !== tensor.shape.join()) {
      throw new InputError(
        `${source}: ${name} has the shape [${start.shape}], the network wants [${tensor.shape}]`,
      );
    }
    weights.set(name, { shape: tensor.shape, data: start.data.slice() });
  }
}

/** Copies every parameter that both have by the same name and shape; gives the names of those that were not there. */
export function copyShared(weights: Weights, from: Weights): string[] {
  const missing: string[] = [];
  for (const [name, tensor] of weights) {
    const start = from.get(name);
    if (start && start.shape.join() === tensor.shape.join())
      weights.set(name, { shape: tensor.shape, data: start.data.slice() });
    else missing.push(name);
  }
  return missing;
}
