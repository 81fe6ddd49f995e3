/**
 * Adam (Kingma & Ba 2014) with weight decay added to the gradient (the paper's regularisation loss, λ0), as
 * part of the training graph. State (first and second moments) is fed and given back a step.
 */
import { type Graph, sizeOf, type Value } from '@twnet/core/graph/graph';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export const ADAM_DEFAULTS: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Scalars that change from step to step, fed as inputs of the graph. */
export interface AdamSchedule {
  readonly learningRate: Value;
  /** 1 / (1 − β1^t). */
  readonly firstCorrection: Value;
  /** 1 / (1 − β2^t). */
  readonly secondCorrection: Value;
}

export interface AdamParameter {
  readonly value: Value;
  readonly gradient: Value;
  readonly first: Value;
  readonly second: Value;
  /** This parameter's factor on the learning rate. */
  readonly rateFactor: number;
  /** λ of its L2 regularisation, 0 for none. */
  readonly weightDecay: number;
}

/** Declares the scalar inputs `learningRate`, `firstCorrection`, `secondCorrection`. */
export function adamScheduleInputs(graph: Graph): AdamSchedule {
  return {
    learningRate: graph.input('learningRate', []),
    firstCorrection: graph.input('firstCorrection', []),
    secondCorrection: graph.input('secondCorrection', []),
  };
}

/** What to feed those inputs at step `t`, counted from 1. */
export function adamScheduleFeeds(
  t: number,
  learningRate: number,
  options = ADAM_DEFAULTS,
): Record<string, Float32Array> {
  return {
    learningRate: Float32Array.of(learningRate),
    firstCorrection: Float32Array.of(1 / (1 - options.beta1 ** t)),
    secondCorrection: Float32Array.of(1 / (1 - options.beta2 ** t)),
  };
}

/** Appends one update; gives the new parameter and moments. */
export function adamUpdate(
  graph: Graph,
  { value, gradient, first, second, rateFactor, weightDecay }: AdamParameter,
  schedule: AdamSchedule,
  { beta1, beta2, epsilon } = ADAM_DEFAULTS,
): { value: Value; first: Value; second: Value } {
  // As vectors: ONNX Runtime broadcasts a scalar over [O, I, 1, 1] value by value, ten times slower.
  const flat = [sizeOf(value.shape)];
  const flattened = (x: Value): Value => graph.reshape(x, flat);
  const restored = (x: Value): Value => graph.reshape(x, value.shape);
  const times = (a: Value, b: Value): Value => graph.node('Mul', [a, b]);
  const plus = (a: Value, b: Value): Value => graph.node('Add', [a, b]);
  const by = (a: Value, factor: number): Value => times(a, graph.scalar(factor));

  const old = flattened(value);
  const slope = flattened(gradient);
  const decayed = weightDecay === 0 ? slope : plus(slope, by(old, weightDecay));
  const newFirst = plus(by(flattened(first), beta1), by(decayed, 1 - beta1));
  const newSecond = plus(by(flattened(second), beta2), by(times(decayed, decayed), 1 - beta2));
  // The scalars are multiplied first: one pass over the parameter less.
  const rate = times(times(schedule.learningRate, graph.scalar(rateFactor)), schedule.firstCorrection);
  const deviation = graph.node('Sqrt', [times(newSecond, schedule.secondCorrection)]);
  const direction = graph.node('Div', [newFirst, plus(deviation, graph.scalar(epsilon))]);
  return {
    value: restored(graph.node('Sub', [old, times(direction, rate)])),
    first: restored(newFirst),
    second: restored(newSecond),
  };
}
