/** The graph that runs a described network: batch norm folded into the convolutions, weights stored inside. */
import { Graph, type Operator, type Value } from '../graph/graph.js';
import { type ConvolutionAttributes, convolution } from '../graph/operators/convolution.js';
import { add } from '../graph/operators/elementwise.js';
import { enlarge } from '../graph/operators/resampling.js';
import {
  type ConvolutionLayer,
  groupsOf,
  type InputLayer,
  inputsOf,
  type Layer,
  type NetworkDescription,
  type PixelNormalisation,
  pruned,
} from './description.js';
import { lower, type Target } from './lower.js';
import { NORM_EPSILON, pixelInput } from './normalisation.js';
import type { Weights, WeightTensor } from './safetensors.js';
import { warpInput } from './warp-graph.js';

export interface InferenceOptions {
  /** The warp is part of the graph: instead of `warped` it takes `previous` and `motion`. */
  readonly warpInside?: boolean;
  /**
   * For ONNX Runtime's CPU provider: keeps features in its blocked layout where it would otherwise reorder them, to
   * enlarge them by a kernel four times slower or to concatenate them. The same outputs from other operators.
   */
  readonly keepBlocked?: boolean;
  /** Pixels come at half the sides of the picture that the network sees (rounded up), and are enlarged first. */
  readonly enlarged?: boolean;
}

/** Builds the graph for frames of `height × width` pixels; layers that no output needs are left out. */
export function inferenceGraph(
  description: NetworkDescription,
  weights: Weights,
  height: number,
  width: number,
  options: InferenceOptions = {},
): Graph {
  const needed = pruned(description);
  const target = new InferenceTarget(needed, weights, options);
  const values = lower(needed, target, { height, width });
  for (const [output, layer] of Object.entries(needed.outputs))
    target.graph.output(output, values.get(layer)!);
  return target.graph;
}

class InferenceTarget implements Target {
  readonly graph = new Graph();
  readonly apart: ReadonlySet<string>;
  /** Layers whose outputs have ONNX Runtime's blocked layout anyway. */
  private readonly blocked: ReadonlySet<string>;

  constructor(
    description: NetworkDescription,
    private readonly weights: Weights,
    private readonly options: InferenceOptions,
  ) {
    const convolutions = description.layers.filter(({ kind }) => kind === 'convolution');
    this.blocked = new Set(convolutions.map(({ name }) => name));
    this.apart = options.keepBlocked ? concatenatedForConvolutions(description) : new Set();
  }

  input({ name, content, normalisation, stride }: InputLayer, shape: readonly number[]): Value {
    if (content === 'pixels') return this.pixels(name, shape, normalisation);
    return name === 'warped' && this.options.warpInside
      ? warpInput(this.graph, shape, stride)
      : this.graph.input(name, shape);
  }

  private pixels(name: string, shape: readonly number[], normalisation?: PixelNormalisation): Value {
    if (!this.options.enlarged) return pixelInput(this.graph, name, shape, normalisation);
    const [n, channels, rows, columns] = shape;
    const half = [n, channels, Math.ceil(rows / 2), Math.ceil(columns / 2)];
    const small = pixelInput(this.graph, name, half, normalisation);
    return enlarge.forward(this.graph, [small], { factor: 2, rows, columns }).output;
  }

  convolution(layer: ConvolutionLayer, parts: readonly Value[], attributes: ConvolutionAttributes): Value {
    const { graph } = this;
    const { weight, bias } = foldedConvolution(layer, this.weights);
    const sizes = parts.map(({ shape: [, channels] }) => channels);
    const weightsOfParts = parts.length === 1 ? [weight] : splitInputs(weight, sizes);
    const terms = parts.map((part, i) => {
      const { data, shape } = weightsOfParts[i];
      const stored = [graph.constant(data, shape, `${layer.name}.weight${i === 0 ? '' : `.${i}`}`)];
      if (i === 0) stored.push(graph.constant(bias, [bias.length], `${layer.name}.bias`));
      return convolution.forward(graph, [part, ...stored], attributes).output;
    });
    return terms.reduce((sum, term) => add.forward(graph, [sum, term], undefined).output);
  }

  apply<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A, layer: Layer): Value {
    const reordered = this.options.keepBlocked && layer.kind === 'enlarge' && !this.blocked.has(layer.input);
    const read = reordered ? inputs.map((x) => asBlocked(this.graph, layer.name, x)) : inputs;
    return operator.forward(this.graph, read, attributes).output;
  }
}

/**
 * Concatenations of an input of the network, which has the plain layout, that only convolutions read. (Where all inputs
 * have the blocked layout, so has what is concatenated.)
 */
function concatenatedForConvolutions({ layers, outputs }: NetworkDescription): ReadonlySet<string> {
  const inputs = new Set(layers.filter(({ kind }) => kind === 'input').map(({ name }) => name));
  const apart = new Set<string>();
  for (const layer of layers)
    if (layer.kind === 'concat' && layer.inputs.some((name) => inputs.has(name))) apart.add(layer.name);
  for (const layer of layers)
    if (layer.kind !== 'convolution' || groupsOf(layer) > 1)
      for (const name of inputsOf(layer)) apart.delete(name);
  for (const name of Object.values(outputs)) apart.delete(name);
  return apart;
}

/** Weight and bias of one convolution that does what convolution and frozen norm do together. */
export function foldedConvolution(
  layer: ConvolutionLayer,
  weights: Weights,
): { weight: WeightTensor; bias: Float32Array } {
  const of = (suffix: string): WeightTensor => {
    const tensor = weights.get(`${layer.name}.${suffix}`);
    if (!tensor) throw new Error(`parameter ${layer.name}.${suffix} is missing`);
    return tensor;
  };
  const weight = of('weight');
  const bias = layer.bias ? of('bias').data : new Float32Array(layer.channels);
  if (!layer.norm) return { weight, bias };

  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(
    (role) => of(`norm.${role}`).data,
  );
  const perChannel = weight.data.length / layer.channels;
  const folded = new Float32Array(weight.data.length);
  const foldedBias = new Float32Array(layer.channels);
  for (let c = 0; c < layer.channels; c++) {
    const factor = gamma[c] / Math.sqrt(variance[c] + NORM_EPSILON);
    for (let i = c * perChannel; i < (c + 1) * perChannel; i++) folded[i] = weight.data[i] * factor;
    foldedBias[c] = beta[c] + (bias[c] - mean[c]) * factor;
  }
  return { weight: { shape: weight.shape, data: folded }, bias: foldedBias };
}

/** The weights of a convolution's input channels, `sizes` of them each. */
function splitInputs(
  { data, shape: [outputs, inputs, ...kernel] }: WeightTensor,
  sizes: readonly number[],
): WeightTensor[] {
  const cells = kernel.reduce((product, n) => product * n, 1);
  let begin = 0;
  return sizes.map((size) => {
    const part = new Float32Array(outputs * size * cells);
    for (let o = 0; o < outputs; o++) {
      const start = (o * inputs + begin) * cells;
      part.set(data.subarray(start, start + size * cells), o * size * cells);
    }
    begin += size;
    return { data: part, shape: [outputs, size, ...kernel] };
  });
}

/** A convolution that changes nothing, whose output has ONNX Runtime's blocked layout; other operators keep what they get. */
function asBlocked(graph: Graph, name: string, x: Value): Value {
  const [, channels] = x.shape;
  const ones = graph.constant(new Float32Array(channels).fill(1), [channels, 1, 1, 1], `${name}.ones`);
  return graph.node('Conv', [x, ones], x.shape, { attributes: { kernel_shape: [1, 1], group: channels } });
}

/**
 * The graph that this project itself runs on an execution provider (default the CPU): where nothing corrects the warped
 * feature, it is the frame's own, and where the scores are what is kept, there is no output that copies it.
 */
export function runGraph(
  { description, weights }: { readonly description: NetworkDescription; readonly weights: Weights },
  height: number,
  width: number,
  provider = 'cpu',
  enlarged = false,
): Graph {
  const { context, ...others } = description.outputs;
  const isApart = context !== undefined && context !== 'warped' && context !== others.scores;
  const outputs = isApart ? description.outputs : others;
  return inferenceGraph({ ...description, outputs }, weights, height, width, {
    keepBlocked: provider === 'cpu',
    enlarged,
  });
}
