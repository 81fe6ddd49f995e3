/** Batch normalisation in training form (statistics of the batch) and in frozen form (stored statistics). */
import type { Graph, Value } from '@twnet/core/graph/graph';
import type { Differentiable } from '../tape.js';

const PIXELS = [0, 2, 3];

function perChannel(graph: Graph, operator: string, x: Value): Value {
  return graph.reduce(operator, x, PIXELS, false);
}

function asPlane(graph: Graph, value: Value): Value {
  return graph.reshape(value, [1, value.shape[0], 1, 1]);
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
 * Frozen form. Inputs: x [N, C, H, W], gamma, beta, mean, variance [C]; the statistics are constants of the
 * operation and get no gradient.
 */
export const frozenBatchNorm: Differentiable<{ epsilon: number }> = {
  name: 'frozenBatchNorm',
  forward(graph, [x, gamma, beta, mean, variance], { epsilon }) {
    const inverse = inverseDeviation(graph, variance, epsilon);
    const factor = graph.node('Mul', [gamma, inverse]);
    const offset = graph.node('Sub', [beta, graph.node('Mul', [mean, factor])]);
    return { output: affine(graph, x, factor, offset), saved: [inverse, factor] };
  },
  gradient({ graph, inputs: [x, , , mean], saved: [inverse, factor], gradient, needed }) {
    const sum = perChannel(graph, 'ReduceSum', gradient);
    const product = perChannel(graph, 'ReduceSum', graph.node('Mul', [gradient, x]));
    const centred = graph.node('Sub', [product, graph.node('Mul', [mean, sum])]);
    return [
      needed[0] ? graph.node('Mul', [gradient, asPlane(graph, factor)]) : undefined,
      graph.node('Mul', [centred, inverse]),
      sum,
    ];
  },
};
