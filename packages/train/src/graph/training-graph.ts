/** A described network on a tape: parameters as graph inputs, batch norm unfolded, every operator differentiable. */
import type { Graph, Operator, Value } from '@twnet/core/graph/graph';
import type { ConvolutionAttributes } from '@twnet/core/graph/operators/convolution';
import type { ConvolutionLayer, InputLayer, NetworkDescription } from '@twnet/core/network/description';
import { lower, type Target } from '@twnet/core/network/lower';
import { NORM_EPSILON, pixelInput } from '@twnet/core/network/normalisation';
import { networkParameters } from '@twnet/core/network/shapes';
import * as activation from './gradients/activation.js';
import { batchNorm, foldedBias, foldedWeight } from './gradients/batch-norm.js';
import { convolution } from './gradients/convolution.js';
import * as elementwise from './gradients/elementwise.js';
import { linearAttention } from './gradients/linear-attention.js';
import { adaptivePool, enlarge, halve, maxPool, resize } from './gradients/resampling.js';
import type { Differentiable, Tape } from './tape.js';

/** Batch norm by the batch's statistics, or by the stored ones. */
export type NormMode = 'batch' | 'frozen';

/** Norm name → mean and (unbiased) variance of a batch. */
export type NormStatistics = ReadonlyMap<string, { readonly mean: Value; readonly variance: Value }>;

export interface TapedNetwork {
  readonly outputs: Readonly<Record<string, Value>>;
  /** In 'batch' mode only. */
  readonly statistics: NormStatistics;
}

export interface TapeOptions {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly norm: NormMode;
  /** See {@link parameterInputs}; several passes may share them. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Values of network inputs; the others become graph inputs of their names. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** What to add to the names of this pass's graph inputs. */
  readonly suffix?: string;
}

/** Every parameter of a network, batch norm's statistics included, as the graph input of its name. */
export function parameterInputs(graph: Graph, description: NetworkDescription): ReadonlyMap<string, Value> {
  return new Map(
    networkParameters(description).map(({ name, shape }) => [name, graph.input(name, shape)] as const),
  );
}

/** Writes a network's forward pass. */
export function tapeNetwork(tape: Tape, description: NetworkDescription, options: TapeOptions): TapedNetwork {
  const target = new TrainingTarget(tape, options);
  const values = lower(description, target, options);
  const outputs = Object.fromEntries(
    Object.entries(description.outputs).map(([output, layer]) => [output, values.get(layer)!]),
  );
  return { outputs, statistics: target.statistics };
}

class TrainingTarget implements Target {
  readonly statistics = new Map<string, { mean: Value; variance: Value }>();

  constructor(
    private readonly tape: Tape,
    private readonly options: TapeOptions,
  ) {}

  input({ name, content, normalisation }: InputLayer, shape: readonly number[]): Value {
    const { inputs = {}, suffix = '' } = this.options;
    if (name in inputs) return inputs[name];
    const { graph } = this.tape;
    return content === 'pixels'
      ? pixelInput(graph, name + suffix, shape, normalisation)
      : graph.input(name + suffix, shape);
  }

  convolution(layer: ConvolutionLayer, [x]: readonly Value[], attributes: ConvolutionAttributes): Value {
    const parameter = (suffix: string): Value => this.options.parameters.get(`${layer.name}.${suffix}`)!;
    const weight = parameter('weight');
    const biases = layer.bias ? [parameter('bias')] : [];
    if (layer.norm && this.options.norm === 'frozen') {
      const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((role) =>
        parameter(`norm.${role}`),
      );
      const epsilon = { epsilon: NORM_EPSILON };
      const folded = this.tape.apply(foldedWeight, [weight, gamma, variance], epsilon);
      const shift = this.tape.apply(foldedBias, [gamma, beta, mean, variance, ...biases], epsilon);
      return this.tape.apply(convolution, [x, folded, shift], attributes);
    }
    const output = this.tape.apply(convolution, [x, weight, ...biases], attributes);
    return layer.norm ? this.normalise(layer.name, output, parameter) : output;
  }

  apply<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A): Value {
    return this.tape.apply(differentiable(operator), inputs, attributes);
  }

  private normalise(name: string, x: Value, parameter: (suffix: string) => Value): Value {
    const [gamma, beta] = ['gamma', 'beta'].map((role) => parameter(`norm.${role}`));
    const y = this.tape.apply(batchNorm, [x, gamma, beta], { epsilon: NORM_EPSILON });
    const [batchMean, biased] = this.tape.applications.at(-1)!.saved;
    const count = x.shape[0] * x.shape[2] * x.shape[3];
    const { graph } = this.tape;
    const unbiased = graph.node('Mul', [biased, graph.scalar(count / Math.max(count - 1, 1))]);
    this.statistics.set(`${name}.norm`, { mean: batchMean, variance: unbiased });
    return y;
  }
}

const { relu, relu6, hardSwish, sigmoid } = activation;
const { add, multiply, scale, concat } = elementwise;
/** Every operator that networks are made of, as training writes it; its attributes are those of its namesake in the core. */
const DERIVATIVES = new Map<string, object>(
  [
    ...[relu, relu6, hardSwish, sigmoid, add, multiply, scale, concat],
    ...[convolution, linearAttention, maxPool, halve, adaptivePool, resize, enlarge],
  ].map((rule) => [rule.name, rule]),
);

/** The operator with its derivative. @throws where it has none */
export function differentiable<A>({ name }: Operator<A>): Differentiable<A> {
  const rule = DERIVATIVES.get(name);
  if (!rule) throw new Error(`the operator ${name} has no gradient: packages/train/src/graph/gradients`);
  return rule as Differentiable<A>;
}
