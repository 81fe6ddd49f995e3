/** 2-D convolution: dense, pointwise, in groups or depthwise. */
import { type Operator, sizeOf } from '../graph.js';

/** Rows or columns added before and after. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: Padding;
  /** 1: dense; as many as there are channels: depthwise. */
  readonly groups: number;
}

/** The same in ONNX's terms. */
export function onnxConvolution(
  kernel: number,
  { stride, padding: { top, left, bottom, right }, groups }: ConvolutionAttributes,
) {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [top, left, bottom, right],
    group: groups,
  };
}

/** Inputs: x [N, I, H, W], weight [O, I / groups, k, k], optionally bias [O]. */
export const convolution: Operator<ConvolutionAttributes> = {
  name: 'convolution',
  forward(graph, inputs, attributes) {
    const [x, weight] = inputs;
    const [n, , rows, columns] = x.shape;
    const [outputs, , kernel] = weight.shape;
    const { top, bottom, left, right } = attributes.padding;
    const extent = (size: number, around: number): number =>
      Math.floor((size + around - kernel) / attributes.stride) + 1;
    const shape = [n, outputs, extent(rows, top + bottom), extent(columns, left + right)];
    return { output: graph.node('Conv', inputs, shape, { attributes: onnxConvolution(kernel, attributes) }) };
  },
  macs: (output, [, weight]) => sizeOf(output.shape) * sizeOf(weight.shape.slice(1)),
};
