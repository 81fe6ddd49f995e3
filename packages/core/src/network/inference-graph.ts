/** The graph that runs a described network: batch norm folded into the convolutions, weights stored inside. */
import { Graph, type Value } from '../graph/graph.js';
import { hardSwish } from '../graph/operators/activation.js';
import { linearAttention } from '../graph/operators/linear-attention.js';
import type { ConvolutionLayer, EnlargeLayer, Layer, NetworkDescription } from './description.js';
import { groupsOf, pruned } from './description.js';
import { foldedConvolution } from './fold-norm.js';
import { pixelInput } from './normalisation.js';
import { paddingOf } from './padding.js';
import type { Weights, WeightTensor } from './safetensors.js';
import { type LayerShape, layerShapes } from './shapes.js';
import { warpInput } from './warp-graph.js';

export interface InferenceOptions {
  /** The warp is part of the graph: instead of `warped` it takes `previous` and `motion`. */
  readonly warpInside?: boolean;
  /**
   * For ONNX Runtime's CPU provider: keeps features in its blocked layout where it would otherwise reorder them, to
   * enlarge them by a kernel four times slower or to concatenate them. The same outputs from other operators.
   */
  readonly keepBlocked?: boolean;
}

/** Builds the graph for frames of `height × width` pixels; layers that no output needs are left out. */
export function inferenceGraph(
  description: NetworkDescription,
  weights: Weights,
  height: number,
  width: number,
  { warpInside = false, keepBlocked = false }: InferenceOptions = {},
): Graph {
  const needed = pruned(description);
  const graph = new Graph();
  const shapes = layerShapes(needed, height, width);
  const values = new Map<string, Value>();
  const blocked = new Set(needed.layers.filter(({ kind }) => kind === 'convolution').map(({ name }) => name));
  const joined = keepBlocked ? joinedForConvolution(needed) : new Map<string, readonly string[]>();
  for (const layer of needed.layers) {
    if (joined.has(layer.name)) continue;
    const context = { values, shapes, weights, warpInside, keepBlocked, blocked, joined };
    values.set(layer.name, emit(graph, layer, context));
  }
  for (const [output, layer] of Object.entries(needed.outputs)) graph.output(output, values.get(layer)!);
  return graph;
}

interface Context {
  readonly values: ReadonlyMap<string, Value>;
  readonly shapes: ReadonlyMap<string, LayerShape>;
  readonly weights: Weights;
  readonly warpInside: boolean;
  readonly keepBlocked: boolean;
  /** Layers whose outputs have ONNX Runtime's blocked layout anyway. */
  readonly blocked: ReadonlySet<string>;
  /** Concatenations that are not made, and their inputs: the convolutions behind them sum over those. */
  readonly joined: ReadonlyMap<string, readonly string[]>;
}

/**
 * Concatenations of an input of the network, which has the plain layout, that only convolutions read, and what they
 * join. (Where all inputs have the blocked layout, so has what is concatenated.)
 */
function joinedForConvolution({ layers, outputs }: NetworkDescription): Map<string, readonly string[]> {
  const inputs = new Set(layers.filter(({ kind }) => kind === 'input').map(({ name }) => name));
  const joined = new Map<string, readonly string[]>();
  for (const layer of layers) {
    if (layer.kind === 'concat' && layer.inputs.some((name) => inputs.has(name)))
      joined.set(layer.name, layer.inputs);
  }
  for (const layer of layers) {
    const reads = 'inputs' in layer ? layer.inputs : 'input' in layer ? [layer.input] : [];
    if (layer.kind !== 'convolution' || groupsOf(layer) > 1) for (const name of reads) joined.delete(name);
  }
  for (const name of Object.values(outputs)) joined.delete(name);
  return joined;
}

function emit(graph: Graph, layer: Layer, context: Context): Value {
  const { channels, rows, columns } = context.shapes.get(layer.name)!;
  const shape = [1, channels, rows, columns];
  const value = (name: string): Value => context.values.get(name)!;
  switch (layer.kind) {
    case 'input':
      if (layer.content === 'pixels') return pixelInput(graph, layer.name, shape, layer.normalisation);
      if (layer.name === 'warped' && context.warpInside) return warpInput(graph, shape, layer.stride);
      return graph.input(layer.name, shape);
    case 'convolution':
      return convolution(
        graph,
        layer,
        (context.joined.get(layer.input) ?? [layer.input]).map(value),
        shape,
        context.weights,
      );
    case 'maxPool':
      return graph.node('MaxPool', [value(layer.input)], shape, {
        attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
      });
    case 'activation':
      return graph.node('Relu', [value(layer.input)], shape);
    case 'pool':
      return adaptivePool(graph, value(layer.input), layer.bins);
    case 'resize':
      return resize(graph, value(layer.input), shape);
    case 'enlarge':
      return enlarge(
        graph,
        layer,
        value(layer.input),
        shape,
        context.keepBlocked && !context.blocked.has(layer.input),
      );
    case 'linearAttention':
      return linearAttention.forward(graph, [value(layer.input)], { size: layer.size }).output;
    case 'halve':
      return graph.node('AveragePool', [value(layer.input)], shape, {
        attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1, count_include_pad: 0 },
      });
    case 'concat':
      return graph.node('Concat', layer.inputs.map(value), shape, { attributes: { axis: 1 } });
    case 'add':
      return graph.node('Add', layer.inputs.map(value), shape);
    case 'multiply':
      return graph.node('Mul', layer.inputs.map(value), shape);
    case 'scale':
      return graph.node('Mul', [value(layer.input), graph.scalar(layer.factor)], shape);
  }
}

/** @param parts what the layer reads, joined along the channels */
function convolution(
  graph: Graph,
  layer: ConvolutionLayer,
  parts: readonly Value[],
  shape: readonly number[],
  weights: Weights,
): Value {
  const { weight, bias } = foldedConvolution(layer, weights);
  const { top, left, bottom, right } = paddingOf(layer, parts[0].shape[2], parts[0].shape[3]);
  const { kernel, stride } = layer;
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [top, left, bottom, right],
    group: groupsOf(layer),
  };
  const sizes = parts.map(({ shape: [, channels] }) => channels);
  const weightsOfParts = parts.length === 1 ? [weight] : splitInputs(weight, sizes);
  const terms = parts.map((part, i) => {
    const suffix = i === 0 ? '' : `.${i}`;
    const { data, shape: weightShape } = weightsOfParts[i];
    const inputs = [part, graph.constant(data, weightShape, `${layer.name}.weight${suffix}`)];
    if (i === 0) inputs.push(graph.constant(bias, [bias.length], `${layer.name}.bias`));
    return graph.node('Conv', inputs, shape, { attributes });
  });
  const output = terms.reduce((sum, term) => graph.node('Add', [sum, term], shape));
  switch (layer.activation) {
    case 'none':
      return output;
    case 'relu':
      return graph.node('Relu', [output], shape);
    case 'relu6':
      return graph.node('Clip', [output, graph.scalar(0), graph.scalar(6)], shape);
    case 'hardSwish':
      return hardSwish.forward(graph, [output], undefined).output;
    case 'sigmoid':
      return graph.node('Sigmoid', [output], shape);
  }
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

/** ONNX has no adaptive pooling: each bin is a mean over a slice; there are at most 8 × 8 of them, few rows each. */
function adaptivePool(graph: Graph, x: Value, bins: number): Value {
  const [, channels, rows, columns] = x.shape;
  if (bins === 1) return graph.node('GlobalAveragePool', [x], [1, channels, 1, 1]);
  const bands = binMeans(graph, x, rows, bins, 2);
  const joined = graph.node('Concat', bands, [1, channels, bins, columns], { attributes: { axis: 2 } });
  const cells = binMeans(graph, joined, columns, bins, 3);
  return graph.node('Concat', cells, [1, channels, bins, bins], { attributes: { axis: 3 } });
}

function binMeans(graph: Graph, x: Value, extent: number, bins: number, axis: 2 | 3): Value[] {
  return Array.from({ length: bins }, (_, i) => {
    const start = Math.floor((i * extent) / bins);
    const end = Math.ceil(((i + 1) * extent) / bins);
    const at = (size: number): number[] => x.shape.map((full, k) => (k === axis ? size : full));
    const bounds = [[start], [end], [axis]].map((list) => graph.integers(list));
    const slice = graph.node('Slice', [x, ...bounds], at(end - start));
    return graph.node('ReduceMean', [slice, graph.integers([axis])], at(1), { attributes: { keepdims: 1 } });
  });
}

const LINEAR = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };

function resize(graph: Graph, x: Value, shape: readonly number[]): Value {
  return graph.node('Resize', [x, undefined, undefined, graph.integers(shape)], shape, {
    attributes: LINEAR,
  });
}

function enlarge(
  graph: Graph,
  layer: EnlargeLayer,
  input: Value,
  shape: readonly number[],
  keepBlocked: boolean,
): Value {
  const x = keepBlocked ? asBlocked(graph, layer, input) : input;
  const [n, channels, rows, columns] = x.shape;
  const { factor = 2 } = layer;
  const whole = [n, channels, factor * rows, factor * columns];
  const scales = graph.constant(Float32Array.of(1, 1, factor, factor), [4], `${layer.name}.scales`);
  const enlarged = graph.node('Resize', [x, undefined, scales], whole, { attributes: LINEAR });
  if (whole[2] === shape[2] && whole[3] === shape[3]) return enlarged;
  const bounds = [[0, 0], shape.slice(2), [2, 3]].map((list) => graph.integers(list));
  return graph.node('Slice', [enlarged, ...bounds], shape);
}

/** A convolution that changes nothing, whose output has ONNX Runtime's blocked layout; other operators keep what they get. */
function asBlocked(graph: Graph, { name }: EnlargeLayer, x: Value): Value {
  const [, channels] = x.shape;
  const ones = graph.constant(new Float32Array(channels).fill(1), [channels, 1, 1, 1], `${name}.ones`);
  return graph.node('Conv', [x, ones], x.shape, { attributes: { kernel_shape: [1, 1], group: channels } });
}

/**
 * The graph that this project itself runs on an execution provider (default the CPU): where nothing corrects the warped
 * feature, it is the frame's own, and there is no output that copies it.
 */
export function runGraph(
  { description, weights }: { readonly description: NetworkDescription; readonly weights: Weights },
  height: number,
  width: number,
  provider = 'cpu',
): Graph {
  const { context, ...others } = description.outputs;
  const outputs = context === 'warped' ? others : description.outputs;
  return inferenceGraph({ ...description, outputs }, weights, height, width, {
    keepBlocked: provider === 'cpu',
  });
}
