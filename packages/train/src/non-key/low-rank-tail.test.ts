import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { NORM_EPSILON } from '@twnet/core/network/normalisation';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import { factoriseTail } from './low-rank-tail.js';

function tail(): Weights {
  return randomWeights(nonKeyFrameNetwork('mobilenet-v1', 11, 1), seededRandom(3));
}

/** What basis and fuse amount to as one convolution. */
function product(weights: Weights, layer: string): Float64Array {
  const basis = weights.get(`${layer}.basis.weight`)!;
  const fuse = weights.get(`${layer}.fuse.weight`)!;
  const [rank, ...rest] = basis.shape;
  const columns = rest.reduce((a, b) => a * b, 1);
  const out = new Float64Array(fuse.shape[0] * columns);
  for (let o = 0; o < fuse.shape[0]; o++)
    for (let r = 0; r < rank; r++)
      for (let c = 0; c < columns; c++)
        out[o * columns + c] += fuse.data[o * rank + r] * basis.data[r * columns + c];
  return out;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>, gain = (_: number) => 1): number =>
  Math.sqrt(Array.from(a, (x, i) => ((x - b[i]) * gain(i)) ** 2).reduce((sum, x) => sum + x, 0));

describe('a tail of low rank', () => {
  it('fits the network described with that rank, on either layer', () => {
    for (const layer of [1, 2] as const) {
      const network = nonKeyFrameNetwork('mobilenet-v1', 11, layer, undefined, 24);
      const weights = factoriseTail(tail(), 24);
      for (const { name, shape } of networkParameters(network)) {
        if (name.startsWith('cfr') || name.startsWith('attention')) continue;
        expect(weights.get(name)?.shape, name).toEqual(shape);
      }
    }
  });

  it('is the same convolution where it has that rank anyway', () => {
    const weights = tail();
    const { data, shape } = weights.get('lateral3.fuse.weight')!;
    // Sixteen channels, four times over with other signs and sizes.
    const columns = data.length / 64;
    const repeated = data.map((_, i) => {
      const channel = Math.floor(i / columns);
      return data[(channel % 16) * columns + (i % columns)] * (1 - 0.6 * Math.floor(channel / 16));
    });
    weights.set('lateral3.fuse.weight', { data: repeated, shape });
    weights.get('lateral3.fuse.norm.gamma')!.data.forEach((_, i, gamma) => {
      gamma[i] = 0.2 + (i % 5);
    });
    const made = product(factoriseTail(weights, 16), 'lateral3');
    expect(distance(made, repeated)).toBeLessThan(
      1e-4 *
        distance(
          repeated,
          made.map(() => 0),
        ),
    );
  });

  it('is nearer, by what batch norm makes of it, than the best rows alone, and the nearer the higher the rank', () => {
    const weights = tail();
    const { data } = weights.get('lateral3.fuse.weight')!;
    const gamma = weights.get('lateral3.fuse.norm.gamma')!.data;
    gamma.forEach((_, i) => {
      gamma[i] = i % 4 === 0 ? 3 : 0.5;
    });
    const columns = data.length / 64;
    const gain = (i: number): number => gamma[Math.floor(i / columns)] / Math.sqrt(1 + NORM_EPSILON);
    const error = (rank: number) => distance(product(factoriseTail(weights, rank), 'lateral3'), data, gain);
    const rowsAlone = data.map((x, i) => (Math.floor(i / columns) % 4 === 0 ? x : 0));
    expect(error(16)).toBeLessThan(distance(rowsAlone, data, gain));
    expect(error(32)).toBeLessThan(error(16));
    expect(error(63)).toBeLessThan(error(32));
  });

  it('leaves what is whole, or taken apart already', () => {
    const weights = tail();
    expect(factoriseTail(weights, 0)).toBe(weights);
    const once = factoriseTail(weights, 8);
    const twice = factoriseTail(once, 8);
    for (const [name, tensor] of once) expect(twice.get(name), name).toBe(tensor);
  });
});
