/** Batch normalisation in training form (statistics of the batch) and in frozen form (stored statistics), folded. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import type { Differentiable } from '../tape.js';

const PIXELS = [0, 2, 3];

function perChannel(graph: Graph, operator: string, x: Value): Value {
  return graph.reduce(operator, x, PIXELS, false);
}

function asPlane(graph: Graph, value: Value): Value {
  return graph.reshape(value, [1, value.shape[0], 1, 1]);
}

/** [O] → [O, 1, 1, 1]. */
function asFilters(graph: Graph, value: Value): Value {
  return graph.reshape(value, [value.shape[0], 1, 1, 1]);
}

function affine(graph: Graph, x: Value, factor: Value, offset: Value): Value {
  const scaled = graph.node('Mul', [x, asPlane(graph, factor)]);
  return graph.node('Add', [scaled, asPlane(graph, offset)]);
}

function inverseDeviation(graph: Graph, variance: Value, epsilon: number): Value {
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])]);
  return graph.node('Reciprocal', [deviation]);
}

/**
 * Training form. Inputs: x [N, C, H, W], gamma [C], beta [C].
 * Saved: batch mean, batch variance (biased), 1 / deviation; the first two feed the running statistics.
 */
export const batchNorm: Differentiable<{ epsilon: number }> = {
  name: 'batchNorm',
  forward(graph, [x, gamma, beta], { epsilon }) {
    const mean = perChannel(graph, 'ReduceMean', x);
    const centred = graph.node('Sub', [x, asPlane(graph, mean)]);
    const count = graph.scalar(x.shape[0] * x.shape[2] * x.shape[3]);
    const variance = graph.node('Div', [perChannel(graph, 'ReduceSumSquare', centred), count]);
    const inverse = inverseDeviation(graph, variance, epsilon);
    const output = affine(graph, centred, graph.node('Mul', [gamma, inverse]), beta);
    return { output, saved: [mean, variance, inverse, centred] };
  },
  gradient({ graph, inputs: [x, gamma], saved: [, , inverse, centred], gradient }) {
    const count = x.shape[0] * x.shape[2] * x.shape[3];
    const sum = perChannel(graph, 'ReduceSum', gradient);
    const product = perChannel(graph, 'ReduceSum', graph.node('Mul', [gradient, centred]));
    const gammaGradient = graph.node('Mul', [product, inverse]);
    // dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)), as one combination of dy and the centred x.
    const factor = graph.node('Mul', [gamma, inverse]);
    const perCount = graph.node('Mul', [factor, graph.scalar(-1 / count)]);
    const slope = graph.node('Mul', [perCount, graph.node('Mul', [gammaGradient, inverse])]);
    const offset = graph.node('Mul', [perCount, sum]);
    const scaled = graph.node('Mul', [gradient, asPlane(graph, factor)]);
    const inputGradient = graph.node('Add', [scaled, affine(graph, centred, slope, offset)]);
    return [inputGradient, gammaGradient, sum];
  },
};

/**
 * Frozen form, within the convolution before it: conv(x, w) · γ/σ + β − µ·γ/σ is a convolution with other weights, and
 * all that its norm's derivative needs is the gradient by those, at the size of weights instead of features.
 * Inputs: weight [O, I, k, k], gamma, variance [O]; the variance is a constant of the operation.
 */
export const foldedWeight: Differentiable<{ epsilon: number }> = {
  name: 'foldedWeight',
  forward(graph, [weight, gamma, variance], { epsilon }) {
    const inverse = inverseDeviation(graph, variance, epsilon);
    const factor = asFilters(graph, graph.node('Mul', [gamma, inverse]));
    return { output: graph.node('Mul', [weight, factor]), saved: [inverse, factor] };
  },
  gradient({ graph, inputs: [weight], saved: [inverse, factor], gradient }) {
    const product = graph.reduce('ReduceSum', graph.node('Mul', [gradient, weight]), [1, 2, 3], false);
    return [graph.node('Mul', [gradient, factor]), graph.node('Mul', [product, inverse])];
  },
};

/** What is added then, β + (b − µ)·γ/σ. Inputs: gamma, beta, mean, variance [O], and b [O] where there is one. */
export const foldedBias: Differentiable<{ epsilon: number }> = {
  name: 'foldedBias',
  forward(graph, [gamma, beta, mean, variance, bias], { epsilon }) {
    const inverse = inverseDeviation(graph, variance, epsilon);
    const shift = bias ? graph.node('Sub', [bias, mean]) : graph.node('Neg', [mean]);
    const scaled = graph.node('Mul', [shift, inverse]);
    const output = graph.node('Add', [beta, graph.node('Mul', [scaled, gamma])]);
    return { output, saved: [inverse, scaled] };
  },
  gradient({ graph, inputs: [gamma, , , , bias], saved: [inverse, scaled], gradient }) {
    const byBias = bias && graph.node('Mul', [gradient, graph.node('Mul', [gamma, inverse])]);
    return [graph.node('Mul', [gradient, scaled]), gradient, undefined, undefined, byBias];
  },
};
