/**
 * The one walk over a description's layers: it writes each as operators, into whatever the target makes of them. A new
 * kind of layer is an entry of {@link KINDS} and an operator; a new use of networks is a {@link Target}.
 */
import type { Operator, Shape, Value } from '../graph/graph.js';
import { hardSwish, relu, relu6, sigmoid } from '../graph/operators/activation.js';
import type { ConvolutionAttributes, Padding } from '../graph/operators/convolution.js';
import { add, concat, multiply, scale } from '../graph/operators/elementwise.js';
import { linearAttention } from '../graph/operators/linear-attention.js';
import { adaptivePool, enlarge, type Grid, halve, maxPool, resize } from '../graph/operators/resampling.js';
import {
  type ActivationLayer,
  type ConvolutionLayer,
  groupsOf,
  type InputLayer,
  inputsOf,
  type Layer,
  type NetworkDescription,
} from './description.js';

/** What a description is lowered to. */
export interface Target {
  /** The network's input; `shape` is [N, C, H, W]. */
  input(layer: InputLayer, shape: Shape): Value;
  /** A convolution with its norm, without its activation, of `parts` joined along the channels (mostly one). */
  convolution(layer: ConvolutionLayer, parts: readonly Value[], attributes: ConvolutionAttributes): Value;
  apply<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A, layer: Layer): Value;
  /** Concatenations that are not made: the convolutions that read them get their parts. */
  readonly apart?: ReadonlySet<string>;
}

export interface FrameBatch {
  /** Default 1. */
  readonly batch?: number;
  /** Frame size, pixels. */
  readonly height: number;
  readonly width: number;
}

/** Writes every layer in order; gives their outputs by the layers' names. */
export function lower(
  { layers }: NetworkDescription,
  target: Target,
  frames: FrameBatch,
): ReadonlyMap<string, Value> {
  const parts = new Map<string, readonly Value[]>();
  const at = (name: string): readonly Value[] => {
    const made = parts.get(name);
    if (!made) throw new Error(`layer ${name} is read before it is made`);
    return made;
  };
  const gridOf = (name: string): Grid => {
    const [, , rows, columns] = at(name)[0].shape;
    return { rows, columns };
  };
  for (const layer of layers) {
    const inputs = inputsOf(layer).flatMap(at);
    const lowering = KINDS[layer.kind] as Lowering<Layer>;
    const whole = target.apart?.has(layer.name)
      ? inputs
      : [lowering(layer, inputs, { target, frames, gridOf })];
    parts.set(layer.name, whole);
  }
  return new Map([...parts].map(([name, [value]]) => [name, value]));
}

interface Context {
  readonly target: Target;
  readonly frames: FrameBatch;
  readonly gridOf: (name: string) => Grid;
}

type Lowering<L> = (layer: L, inputs: readonly Value[], context: Context) => Value;

/** How each kind of layer is written. */
const KINDS: {
  readonly [K in Layer['kind']]: Lowering<Extract<Layer, { readonly kind: K }>>;
} = {
  input: (layer, _, { target, frames: { batch = 1, height, width } }) => {
    const cells = (pixels: number): number => Math.ceil(pixels / layer.stride);
    return target.input(layer, [batch, layer.channels, cells(height), cells(width)]);
  },
  convolution: (layer, parts, { target }) => {
    const { stride, activation } = layer;
    const padding = paddingOf(layer, parts[0].shape);
    const output = target.convolution(layer, parts, { stride, padding, groups: groupsOf(layer) });
    return activation === 'none' ? output : target.apply(ACTIVATIONS[activation], [output], undefined, layer);
  },
  activation: (layer, inputs, { target }) =>
    target.apply(ACTIVATIONS[layer.activation], inputs, undefined, layer),
  maxPool: (layer, inputs, { target }) =>
    target.apply(maxPool, inputs, { kernel: 3, stride: 2, padding: 1 }, layer),
  pool: (layer, inputs, { target }) => target.apply(adaptivePool, inputs, { bins: layer.bins }, layer),
  halve: (layer, inputs, { target }) => target.apply(halve, inputs, undefined, layer),
  resize: (layer, inputs, { target, gridOf }) => target.apply(resize, inputs, gridOf(layer.like), layer),
  enlarge: (layer, inputs, { target, gridOf }) => {
    const { name, factor = 2 } = layer;
    return target.apply(enlarge, inputs, { ...gridOf(layer.like), factor, name }, layer);
  },
  linearAttention: (layer, inputs, { target }) =>
    target.apply(linearAttention, inputs, { size: layer.size }, layer),
  concat: (layer, inputs, { target }) => target.apply(concat, inputs, undefined, layer),
  add: (layer, inputs, { target }) => target.apply(add, inputs, undefined, layer),
  multiply: (layer, inputs, { target }) => target.apply(multiply, inputs, undefined, layer),
  scale: (layer, inputs, { target }) => target.apply(scale, inputs, { factor: layer.factor }, layer),
};

const ACTIVATIONS: Readonly<Record<ActivationLayer['activation'], Operator>> = {
  relu,
  relu6,
  hardSwish,
  sigmoid,
};

/**
 * The output always has ⌈n / stride⌉ cells. At stride 1 both sides get half the kernel; at stride 2 it is the
 * layer's choice, which the weights were trained with:
 * - 'end', TensorFlow's SAME on even sizes: 0 before and all of it after. On odd sizes TensorFlow would pad both
 *   sides, which shifts that feature by half a cell against even sizes; here all of it comes after, so that
 *   cell i of a stride-s feature always starts at pixel i · s, whatever the frame's size, and codec motion fits
 *   every grid.
 * - 'both', PyTorch's: half the kernel on each side; cell i is centred on cell i · s, at any size too.
 */
function paddingOf({ kernel, stride, padding }: ConvolutionLayer, [, , rows, columns]: Shape): Padding {
  const half = (kernel - 1) / 2;
  if (kernel === 1 || stride === 1 || padding === 'both')
    return { top: half, left: half, bottom: half, right: half };
  const after = (extent: number): number => (Math.ceil(extent / 2) - 1) * 2 + kernel - extent;
  return { top: 0, left: 0, bottom: after(rows), right: after(columns) };
}
