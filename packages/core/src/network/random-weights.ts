/** Weights from nothing: where training starts, and what networks are timed with that were never trained. */
import { sizeOf } from '../graph/graph.js';
import type { NetworkDescription } from './description.js';
import type { Weights } from './safetensors.js';
import { networkParameters, type Parameter } from './shapes.js';

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
  // Box–Muller, in a loop of its own: a network has millions of weights.
  for (let i = 0; i < data.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    data[i] = deviation * (radius * Math.cos(2 * Math.PI * random()));
  }
  return data;
}
