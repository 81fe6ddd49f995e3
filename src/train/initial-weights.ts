/** Where training starts: random decoders, encoders from ImageNet. */
import { InputError } from '../errors.js';
import { sizeOf } from '../graph/graph.js';
import type { NetworkDescription } from '../network/description.js';
import type { Weights } from '../network/safetensors.js';
import { networkParameters, type Parameter } from '../network/shapes.js';

/** He-normal weights, zero biases, identity norms; the same seed gives the same weights. */
export function randomWeights(description: NetworkDescription, random: () => number): Weights {
  return new Map(
    networkParameters(description).map((parameter) => [
      parameter.name,
      { shape: parameter.shape, data: initialValues(parameter, random) },
    ]),
  );
}

function initialValues({ role, shape }: Parameter, random: () => number): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  if (role === 'gamma' || role === 'variance') return data.fill(1);
  if (role !== 'weight') return data;
  const deviation = Math.sqrt(2 / sizeOf(shape.slice(1)));
  return data.map(() => deviation * gaussian(random));
}

/** Box–Muller. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

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
