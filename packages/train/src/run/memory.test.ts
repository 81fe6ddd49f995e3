import { InputError, TwnetError } from '@twnet/core/errors';
import { Graph } from '@twnet/core/graph/graph';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { GraphSession } from '@twnet/node/engine/session';
import { describe, expect, it } from 'vitest';
import { advisingOnMemory, estimateStepMemory, largestBatch, refuseTooLarge } from './memory.js';

const need = { fixed: 1e9, perSample: 2e9, batch: 8 };

describe('estimateStepMemory', () => {
  // Peak resident kB of `twnet benchmark training --size 320x240 --steps 1 --threads 2`.
  it.each([
    ['mobilenet-v1', 1, 654_464],
    ['mobilenet-v1', 3, 1_015_016],
    ['mobilenet-v1', 5, 1_363_248],
    ['mobilenet-v2', 1, 584_412],
    ['mobilenet-v2', 4, 1_263_744],
    ['resnet-18', 1, 952_192],
    ['resnet-18', 4, 1_152_144],
  ] as const)('is near what was measured: %s, batch %i', (backbone, batch, kilobytes) => {
    const size = { batch, height: 240, width: 320 };
    const { fixed, perSample } = estimateStepMemory(keyFrameNetwork(backbone, 11), size);
    const ratio = (fixed + batch * perSample) / (1024 * kilobytes);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.35);
  });

  it('grows with the area and the frames of a step', () => {
    const of = (height: number, frames: number) =>
      estimateStepMemory(keyFrameNetwork('mobilenet-v1', 11), { batch: 1, height, width: 320, frames });
    expect(of(480, 1).perSample / of(240, 1).perSample).toBeCloseTo(2, 1);
    expect(of(240, 3).perSample / of(240, 1).perSample).toBeCloseTo(3, 6);
    expect(of(240, 3).fixed).toBe(of(240, 1).fixed);
  });
});

describe('advice on memory', () => {
  it('refuses what cannot fit and names the batch that does', () => {
    expect(largestBatch(need, 10e9)).toBe(4);
    expect(() => refuseTooLarge(need, 20e9)).not.toThrow();
    expect(() => refuseTooLarge(need, 10e9)).toThrow(InputError);
    expect(() => refuseTooLarge(need, 10e9)).toThrow(
      'a batch of 8 takes about 15.8 GiB, this machine has 9.3 GiB; a batch of 4 should fit: set batch',
    );
    expect(() => refuseTooLarge(need, 2e9)).toThrow(/not even a batch of 1 should fit: set a smaller size/);
  });

  it('puts a failed allocation of ONNX Runtime into words', async () => {
    const graph = new Graph();
    const shape = [10_000_000, 1_000_000];
    const huge = graph.node('Expand', [graph.input('x', [1, 1]), graph.integers(shape)], shape);
    graph.output('y', graph.node('ReduceSum', [huge], [], { attributes: { keepdims: 0 } }));
    const session = await GraphSession.open(graph, { threads: 1 });
    const failing = advisingOnMemory({ fixed: 0, perSample: 1, batch: 8 }, () =>
      session.run({ x: Float32Array.of(1) }),
    );
    await expect(failing).rejects.toThrow(TwnetError);
    await expect(failing).rejects.toThrow(/^out of memory at a batch of 8; .* a batch of 7 should fit/);
    await session.close();
  });

  it('and one of JavaScript; leaves other errors as they are', async () => {
    const failing = (make: () => unknown) => advisingOnMemory(need, async () => make());
    await expect(failing(() => new Uint8Array(2 ** 45))).rejects.toThrow(/^out of memory at a batch of 8/);
    await expect(failing(() => ([] as number[][])[0][0])).rejects.toThrow(TypeError);
    await expect(failing(() => 5)).resolves.toBe(5);
  });
});
