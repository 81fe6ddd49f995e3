import { describe, expect, it } from 'vitest';
import { seededRandom } from '../data/index.js';
import { networkParameters, nonKeyFrameNetwork, type Weights } from '../network/index.js';
import { randomWeights } from '../network/random-weights.js';
import { narrowTail, rectifiedMeanSquare } from './narrow-tail.js';

/** Decoder layer 3 with four channels behind one input channel, two classes, 1 × 1 kernels. */
function fourChannels(): Weights {
  const tensor = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
  return new Map([
    ['lateral3.fuse.weight', tensor([4, 1, 1, 1], 10, 11, 12, 13)],
    ['lateral3.fuse.norm.gamma', tensor([4], 1, 1, 1, 1)],
    ['lateral3.fuse.norm.beta', tensor([4], 0, 0, 0, -9)],
    // Channel 0 says the same of both classes, channel 3 hardly ever speaks.
    ['classifier.weight', tensor([2, 4, 1, 1], 5, 2, 1, 9, 5, 4, 2, 0)],
    ['classifier.bias', tensor([2], 7, 8)],
  ]);
}

describe('a narrow tail', () => {
  it('keeps the channels that tell classes apart and are active, in their order', () => {
    const narrow = narrowTail(fourChannels(), 2);
    const values = (name: string) => [...narrow.get(name)!.data];
    expect(values('lateral3.fuse.weight')).toEqual([11, 12]);
    expect(narrow.get('lateral3.fuse.weight')!.shape).toEqual([2, 1, 1, 1]);
    expect(values('lateral3.fuse.norm.beta')).toEqual([0, 0]);
    expect(values('classifier.weight')).toEqual([2, 1, 4, 2]);
    expect(values('classifier.bias')).toEqual([7, 8]);
    expect([...narrowTail(fourChannels(), 1).get('lateral3.fuse.weight')!.data]).toEqual([11]);
  });

  it('leaves what is as narrow already', () => {
    const weights = fourChannels();
    expect(narrowTail(weights, 4)).toBe(weights);
    expect(narrowTail(new Map(), 4).size).toBe(0);
  });

  it('fits the network described with as many channels', () => {
    const wide = nonKeyFrameNetwork('mobilenet-v1', 11, 1);
    const narrow = nonKeyFrameNetwork('mobilenet-v1', 11, 1, undefined, 24);
    const weights = narrowTail(randomWeights(wide, seededRandom(3)), 24);
    for (const { name, shape } of networkParameters(narrow))
      expect(weights.get(name)?.shape, name).toEqual(shape);
  });

  it('knows the mean square of a rectified normal variable', () => {
    for (const [mean, deviation] of [
      [0, 1],
      [1.5, 0.7],
      [-2, 1.3],
      [3, 0.01],
    ]) {
      // Midpoint rule over ten deviations each way.
      const steps = 20_000;
      const width = (20 * deviation) / steps;
      let integral = 0;
      for (let i = 0; i < steps; i++) {
        const x = mean - 10 * deviation + (i + 0.5) * width;
        const density = Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
        integral += Math.max(0, x) ** 2 * density * width;
      }
      expect(rectifiedMeanSquare(mean, deviation)).toBeCloseTo(integral, 5);
    }
  });
});
