/** The derivative of every operator that networks are made of. */
import type { Operator } from '@twnet/core/graph/graph';
import * as activation from './gradients/activation.js';
import { convolution } from './gradients/convolution.js';
import * as elementwise from './gradients/elementwise.js';
import { linearAttention } from './gradients/linear-attention.js';
import { maxPool } from './gradients/max-pool.js';
import { adaptivePool, enlarge, halve, resize } from './gradients/resample.js';
import type { Differentiable } from './tape.js';

const { relu, relu6, hardSwish, sigmoid } = activation;
const { add, multiply, scale, concat } = elementwise;
const RULES = [
  ...[relu, relu6, hardSwish, sigmoid, add, multiply, scale, concat],
  ...[convolution, linearAttention, maxPool, halve, adaptivePool, resize, enlarge],
];
// Their attributes differ; an operator and its derivative have the same name and attributes.
const BY_NAME = new Map(RULES.map((rule) => [rule.name, rule as Differentiable<never>]));

/** The operator as training writes it. @throws where it has no derivative */
export function differentiable<A>({ name }: Operator<A>): Differentiable<A> {
  const rule = BY_NAME.get(name);
  if (!rule) throw new Error(`the operator ${name} has no gradient: packages/train/src/graph/gradients`);
  return rule as Differentiable<unknown> as Differentiable<A>;
}
