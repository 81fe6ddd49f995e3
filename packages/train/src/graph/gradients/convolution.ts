/**
 * Derivatives of 2-D convolution, written with the operators that ONNX Runtime runs fastest: weight gradients are
 * matrix products over shifted views of the input, input gradients are convolutions with the mirrored kernel.
 */
import type { Graph, Value } from '@twnet/core/graph/graph';
import {
  type ConvolutionAttributes,
  convolution as form,
  onnxConvolution,
  type Padding,
} from '@twnet/core/graph/operators/convolution';
import type { Differentiable } from '../tape.js';

export const convolution: Differentiable<ConvolutionAttributes> = {
  ...form,
  gradient({ graph, inputs: [x, weight], gradient, attributes, needed }) {
    return [
      needed[0] ? inputGradient(graph, x, weight, gradient, attributes) : undefined,
      needed[1] ? weightGradient(graph, x, weight, gradient, attributes) : undefined,
      needed[2] ? graph.reduce('ReduceSum', gradient, [0, 2, 3], false) : undefined,
    ];
  },
};

function inputGradient(
  graph: Graph,
  x: Value,
  weight: Value,
  gradient: Value,
  attributes: ConvolutionAttributes,
): Value {
  const kernel = weight.shape[2];
  if (attributes.stride === 1) {
    const { top, left, bottom, right } = attributes.padding;
    const mirrored = mirrorKernel(graph, weight, attributes.groups);
    const margin = kernel - 1;
    const padding = {
      top: margin - top,
      left: margin - left,
      bottom: margin - bottom,
      right: margin - right,
    };
    const mirroredAttributes = onnxConvolution(kernel, { stride: 1, padding, groups: attributes.groups });
    return graph.node('Conv', [gradient, mirrored], x.shape, { attributes: mirroredAttributes });
  }
  return graph.node('ConvTranspose', [gradient, weight], x.shape, {
    attributes: {
      ...onnxConvolution(kernel, attributes),
      output_padding: outputPadding(x, gradient, kernel, attributes),
    },
  });
}

/** Rows and columns at the far edge that a strided convolution never read. */
function outputPadding(
  x: Value,
  gradient: Value,
  kernel: number,
  { stride, padding }: ConvolutionAttributes,
): readonly number[] {
  const unread = (size: number, out: number, around: number): number =>
    size + around - ((out - 1) * stride + kernel);
  return [
    unread(x.shape[2], gradient.shape[2], padding.top + padding.bottom),
    unread(x.shape[3], gradient.shape[3], padding.left + padding.right),
  ];
}

/** [O, I / g, k, k] → [I, O / g, k, k], turned by 180 degrees; inputs and outputs are swapped group by group. */
function mirrorKernel(graph: Graph, weight: Value, groups: number): Value {
  const [outputs, inputs, kernel] = weight.shape;
  const each = outputs / groups;
  const shape = [groups * inputs, each, kernel, kernel];
  const swapped = each === 1 && inputs === 1 ? weight : swapChannels(graph, weight, groups, shape);
  if (kernel === 1) return swapped;
  const ints = (a: number): Value => graph.integers([a, a]);
  const beforeFirst = Number.MIN_SAFE_INTEGER;
  return graph.node('Slice', [swapped, ints(-1), ints(beforeFirst), graph.integers([2, 3]), ints(-1)], shape);
}

function swapChannels(graph: Graph, weight: Value, groups: number, shape: readonly number[]): Value {
  const [outputs, inputs, kernel] = weight.shape;
  const each = outputs / groups;
  const apart = [groups, each, inputs, kernel, kernel];
  const turned = [groups, inputs, each, kernel, kernel];
  const swapped = graph.node('Transpose', [graph.reshape(weight, apart)], turned, {
    attributes: { perm: [0, 2, 1, 3, 4] },
  });
  return graph.reshape(swapped, shape);
}

/** dL/dW[o, i, tap] = Σ x shifted by the tap · dL/dy: a product of channels by channels an image and group. */
function weightGradient(
  graph: Graph,
  x: Value,
  weight: Value,
  gradient: Value,
  attributes: ConvolutionAttributes,
): Value {
  const { groups } = attributes;
  const [n] = x.shape;
  const [outputs, inputs, kernel] = weight.shape;
  const asRows = (value: Value): Value => {
    const [, channels, rows, columns] = value.shape;
    return graph.reshape(value, [n, groups, channels / groups, rows * columns]);
  };
  const taps = tapPairs(graph, x, kernel, gradient, attributes).map(([dy, view]) => {
    const perImage = product(graph, asRows(dy), asRows(view), [n, groups, outputs / groups, inputs]);
    return graph.reshape(sumOverImages(graph, perImage), [outputs, inputs, 1]);
  });
  return graph.reshape(taps.length === 1 ? taps[0] : graph.concat(taps, 2), weight.shape);
}

/** a · bᵀ of the last two axes, batched over the others. */
function product(graph: Graph, a: Value, b: Value, shape: readonly number[]): Value {
  return graph.node('FusedMatMul', [a, b], shape, { domain: 'com.microsoft', attributes: { transB: 1 } });
}

function sumOverImages(graph: Graph, value: Value): Value {
  const [n, ...rest] = value.shape;
  if (n === 1) return graph.reshape(value, rest);
  return graph.reduce('ReduceSum', value, [0], false);
}

/**
 * For every tap of the kernel, row by row, an output gradient and an input of one size whose products, summed
 * over pixels, are the tap's gradient.
 */
function tapPairs(
  graph: Graph,
  x: Value,
  kernel: number,
  gradient: Value,
  attributes: ConvolutionAttributes,
): [gradient: Value, input: Value][] {
  if (attributes.stride > 1) return stridedTapPairs(graph, x, kernel, gradient, attributes);
  const { top, left, bottom, right } = attributes.padding;
  // At stride 1 a tap's shift splits: its columns move the input, its rows the gradient. Few copies serve all taps.
  const taps = Array.from({ length: kernel }, (_, i) => i);
  const inputs = taps.map((j) =>
    moved(graph, x, { top: 0, bottom: 0, left: left - j, right: right - (kernel - 1 - j) }),
  );
  const gradients = taps.map((i) =>
    moved(graph, gradient, { top: i - top, bottom: kernel - 1 - i - bottom, left: 0, right: 0 }),
  );
  return gradients.flatMap((dy) => inputs.map((view): [Value, Value] => [dy, view]));
}

/** Zeros added at the sides, or, where negative, rows and columns taken off. */
function moved(graph: Graph, value: Value, { top, left, bottom, right }: Padding): Value {
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return value;
  const [n, channels, rows, columns] = value.shape;
  const pads = graph.integers([0, 0, top, left, 0, 0, bottom, right]);
  return graph.node('Pad', [value, pads], [n, channels, rows + top + bottom, columns + left + right]);
}

/**
 * The same at stride s: taps that lie s apart see the same rows (columns) of the input, every s-th, moved by
 * one. So the input is split once into its s phases a column, and the rest of a tap's shift is as at stride 1.
 */
function stridedTapPairs(
  graph: Graph,
  x: Value,
  kernel: number,
  gradient: Value,
  { stride, padding }: ConvolutionAttributes,
): [gradient: Value, input: Value][] {
  const [outRows, outColumns] = gradient.shape.slice(2);
  const shifts = Array.from({ length: kernel }, (_, i) => ({
    phase: i % stride,
    by: Math.floor(i / stride),
  }));
  const furthest = Math.floor((kernel - 1) / stride);
  const view = phaseViews(graph, x, stride, padding, [outRows + furthest, outColumns + furthest], outColumns);
  const views = Array.from({ length: Math.min(stride, kernel) }, (_, phase) =>
    shifts.map((column) => view(phase, column)),
  );
  return shifts.flatMap(({ phase, by }) => {
    const dy = moved(graph, gradient, { top: by, bottom: furthest - by, left: 0, right: 0 });
    return views[phase].map((input): [Value, Value] => [dy, input]);
  });
}

/**
 * Splits x, padded to `stride` times `extent`, into the phases of its columns; gives cuts of it: every
 * `stride`-th row from `row` on, and `width` of every `stride`-th column from `phase + stride · by` on. One
 * transposition of [M, s] to [s, M] and a cut along one axis at a time take a quarter of the time of cuts with
 * steps; a cut along two axes at once takes ten times as long as one after the other.
 */
function phaseViews(
  graph: Graph,
  x: Value,
  stride: number,
  { top, left }: Padding,
  [rows, columns]: readonly [rows: number, columns: number],
  width: number,
): (row: number, column: { readonly phase: number; readonly by: number }) => Value {
  const [n, channels] = x.shape;
  const bottom = rows * stride - top - x.shape[2];
  const padded = moved(graph, x, { top, left, bottom, right: columns * stride - left - x.shape[3] });
  const count = n * channels * rows * stride * columns;
  const pairs = graph.reshape(padded, [count, stride]);
  const split = graph.node('Transpose', [pairs], [stride, count], { attributes: { perm: [1, 0] } });
  // Rows of all phases lie side by side.
  const shape = [n, channels, rows, stride * columns];
  const phases = Array.from({ length: stride }, (_, phase) =>
    graph.reshape(graph.slice(split, 0, phase, phase + 1), shape),
  );
  return (row, { phase, by }) => {
    const start = row * columns + by;
    return graph.slice(phases[phase], 3, start, start + width);
  };
}
