/** The cost that descriptions state against a count over the ONNX files that are exported. */

import { toOnnx } from '@twnet/core/graph/onnx-format';
import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import { networkCost } from '@twnet/core/network/cost';
import { type NetworkDescription, pruned } from '@twnet/core/network/description';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { networkParameters } from '@twnet/core/network/shapes';
import { describe, expect, it } from 'vitest';
import { countOnnx } from './onnx-count.js';

/** The second is no multiple of any stride. */
const SIZES = [
  [64, 96],
  [50, 70],
] as const;

/** Operators that multiply and add and are not counted: none may hide from the count. */
const MULTIPLYING = ['Gemm', 'FusedMatMul', 'ConvTranspose', 'Einsum', 'FusedConv'];

async function expectCounted(description: NetworkDescription): Promise<void> {
  const weights = randomWeights(description, () => 0.5);
  const kernels = networkParameters(description).filter(({ role }) => role === 'weight');
  const values = kernels.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  for (const [height, width] of SIZES) {
    const count = await countOnnx(toOnnx(inferenceGraph(description, weights, height, width)));
    expect(MULTIPLYING.filter((operator) => count.operators.has(operator))).toEqual([]);
    expect(count.macs).toBeGreaterThan(0);
    expect(Math.round(1e9 * networkCost(description, height, width).gigaMacs)).toBe(count.macs);
    expect(values).toBe(count.weights);
  }
}

describe.each(BACKBONE_NAMES)('%s', (backbone) => {
  const networks: [string, NetworkDescription][] = [
    ['key', pruned(keyFrameNetwork(backbone, 11))],
    ...([1, 2, 3] as const).map((layer): [string, NetworkDescription] => [
      `layer ${layer}`,
      nonKeyFrameNetwork(backbone, 11, layer),
    ]),
    ['layer 1, tail of rank 32', nonKeyFrameNetwork(backbone, 11, 1, undefined, 32)],
  ];
  it.each(networks)('%s: GMACs and weights equal those of the exported file', async (_, description) => {
    await expectCounted(description);
  });
});

it('EfficientViT-Seg-B0: GMACs and weights equal those of the exported file', async () => {
  const description = efficientVitSegmenter(19);
  await expectCounted(description);
  // The authors' 4.4 GMACs at 1024 × 2048 and 0.7 million parameters.
  const { gigaMacs, parameters } = networkCost(description, 1024, 2048);
  expect([gigaMacs.toFixed(1), (parameters / 1e6).toFixed(1)]).toEqual(['4.4', '0.7']);
});
