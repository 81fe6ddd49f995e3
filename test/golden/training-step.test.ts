/** Whole training steps of the real networks against PyTorch: loss, every gradient, Adam's update, statistics. */

import { GraphSession } from '@twnet/node/engine/session';
import { classificationLoss, nonKeyFrameObjective } from '@twnet/train/graph/objectives';
import { type StepGraph, trainingStepGraph } from '@twnet/train/graph/step-graph';
import { freshState, runStep } from '@twnet/train/run/state';
import { describe, expect, it } from 'vitest';
import {
  describedNetwork,
  fixtures,
  type Golden,
  generatedInputs,
  generatedWeights,
  readGolden,
} from './generated.js';

function goldenStep(golden: Golden): StepGraph {
  const description = describedNetwork(golden);
  const [batch, , height, width] = golden.inputs['input.image'].shape;
  const { encoderFactor, weightDecay } = golden.optimizer;
  const options = {
    batch,
    height,
    width,
    norm: golden.batchNorm === 'training' ? ('batch' as const) : ('frozen' as const),
    rule: ({ name, role }: { name: string; role: string }) => ({
      rateFactor: name.startsWith('encoder.') ? encoderFactor : 1,
      weightDecay: role === 'weight' ? weightDecay : 0,
    }),
    exposeGradients: true,
  };
  return trainingStepGraph(description, options, (tape, outputs) =>
    golden.network.kind !== 'nonkey'
      ? { loss: classificationLoss(tape, outputs.scores, height, width) }
      : nonKeyFrameObjective(tape, [outputs], { height, width }, 10),
  );
}

describe.each(fixtures('training'))('%s', (name) => {
  it('agrees with the reference', async () => {
    const golden = readGolden(name);
    const step = goldenStep(golden);
    const state = freshState(generatedWeights(describedNetwork(golden)));
    const session = await GraphSession.open(step.graph, { threads: 2 });
    const labelWeights = new Float32Array(256).fill(1, 0, golden.network.classes);
    const inputs = Object.fromEntries(
      Object.entries(generatedInputs(golden)).map(([key, { data }]) => [key, data]),
    );
    // The objective of a window of one frame counts its frames.
    const frame = { 'labels.0': inputs.labels, 'target.0': inputs.target };
    const feeds = { ...inputs, ...frame, labelWeights };
    const results = await runStep(session, step, state, feeds, golden.optimizer.learningRate);
    expect(Math.abs(Number(results.loss[0]) / golden.loss - 1)).toBeLessThan(1e-5);

    const checked = Object.entries(golden.gradients);
    expect([...step.learnt].sort()).toEqual(checked.map(([parameter]) => parameter).sort());
    for (const [parameter, reference] of checked) {
      if (reference.zeroGradient) continue;
      const gradient = results[`gradient:${parameter}`] as Float32Array;
      const norm = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0));
      const tolerance = Math.max(10 * reference.float32Error, 2e-4);
      expect(Math.abs(norm / reference.norm - 1), `norm of ${parameter}`).toBeLessThan(tolerance);
      const largest = Math.max(...reference.samples.map(([, value]) => Math.abs(value)));
      for (const [index, value, after] of reference.samples) {
        expect(Math.abs(gradient[index] - value), `gradient ${parameter}[${index}]`).toBeLessThan(
          Math.max(10 * reference.float32Error, 1e-3) * largest,
        );
        const updated = state.parameters.get(parameter)!.data[index];
        const slack = Math.max(10 * reference.stepFloat32Errors[0], 1e-6);
        expect(Math.abs(updated - after), `updated ${parameter}[${index}]`).toBeLessThan(slack);
      }
    }
    for (const [statistic, reference] of Object.entries(golden.statistics ?? {})) {
      for (const [index, value] of reference.samples) {
        expect(Math.abs(state.parameters.get(statistic)!.data[index] - value)).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(value)),
        );
      }
    }
    const second = await runStep(session, step, state, feeds, golden.optimizer.learningRate);
    expect(Math.abs(Number(second.loss[0]) / golden.lossAfterStep - 1)).toBeLessThan(1e-3);
    await session.close();
  });
});
