/** The networks' outputs against an independent implementation in PyTorch (tools/reference). */

import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { layerShapes } from '@twnet/core/network/shapes';
import { GraphSession } from '@twnet/node/engine/session';
import { describe, expect, it } from 'vitest';
import { describedNetwork, fixtures, generatedInputs, generatedWeights, readGolden } from './generated.js';

describe.each(fixtures('inference'))('%s', (name) => {
  it('gives the reference outputs to 1e-4 of their size', async () => {
    const golden = readGolden(name);
    const description = describedNetwork(golden);
    const inputs = generatedInputs(golden);
    const [batch, , height, width] = (inputs.image ?? golden.inputs['input.image']).shape;
    const graph = inferenceGraph(description, generatedWeights(description), height, width);
    const session = await GraphSession.open(graph, { threads: 2 });
    for (const [output, reference] of Object.entries(golden.outputs)) {
      const ours =
        { layer1: 'context1', layer2: 'context2', layer3: 'context3', feature: 'context' }[output] ?? output;
      if (!graph.outputs.has(ours)) continue;
      const { channels, rows, columns } = layerShapes(description, height, width).get(
        description.outputs[ours],
      )!;
      expect([batch, channels, rows, columns]).toEqual(reference.shape);
      const perImage = channels * rows * columns;
      for (let n = 0; n < batch; n++) {
        const results = await session.run(
          Object.fromEntries(
            graph.inputs.map((input) => {
              const { data } = inputs[input.name];
              return [input.name, data.slice((n * data.length) / batch, ((n + 1) * data.length) / batch)];
            }),
          ),
        );
        for (const [index, value] of reference.samples) {
          if (Math.floor(index / perImage) !== n) continue;
          const error = Math.abs(Number(results[ours][index % perImage]) - value);
          expect(error, `${output}[${index}]`).toBeLessThan(1e-4 * Math.max(1, reference.maxAbs));
        }
      }
    }
    await session.close();
  });
});
