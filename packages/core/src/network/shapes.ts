/** Shapes, parameters and multiply-adds of a described network, read off the operators that it is lowered to. */
import { Graph, type Operator, type Value } from '../graph/graph.js';
import { type ConvolutionAttributes, convolution } from '../graph/operators/convolution.js';
import {
  type ConvolutionLayer,
  groupsOf,
  type InputLayer,
  type Layer,
  type Module,
  type NetworkDescription,
} from './description.js';
import { lower, type Target } from './lower.js';

/** Channels × rows × columns of a layer's output. */
export interface LayerShape {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/** What a parameter is for: decides how it starts, how it decays and whether it is learnt. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** The layer it is of, and that layer's module. */
  readonly layer: string;
  readonly module?: Module;
}

/** Shape of every layer's output for frames of `height × width` pixels. */
export function layerShapes(
  description: NetworkDescription,
  height: number,
  width: number,
): Map<string, LayerShape> {
  const values = lower(description, new DryRun(), { height, width });
  return new Map(
    [...values].map(
      ([
        name,
        {
          shape: [, channels, rows, columns],
        },
      ]) => [name, { channels, rows, columns }],
    ),
  );
}

/** Every parameter of a network, batch norm's statistics included, in order of use. */
export const networkParameters = (description: NetworkDescription): Parameter[] =>
  DryRun.of(description, 64, 64).parameters;

/** Multiply-adds for one frame of `height × width` pixels of every layer that has any. */
export const layerMacs = (
  description: NetworkDescription,
  height: number,
  width: number,
): ReadonlyMap<string, number> => DryRun.of(description, height, width).macs;

/** Writes a graph without weights, for what its operators tell of themselves. */
class DryRun implements Target {
  readonly parameters: Parameter[] = [];
  readonly macs = new Map<string, number>();
  private readonly graph = new Graph();

  static of(description: NetworkDescription, height: number, width: number): DryRun {
    const run = new DryRun();
    lower(description, run, { height, width });
    return run;
  }

  input({ name }: InputLayer, shape: readonly number[]): Value {
    return this.graph.input(name, shape);
  }

  convolution(layer: ConvolutionLayer, [x]: readonly Value[], attributes: ConvolutionAttributes): Value {
    const parameters = parametersOf(layer, x.shape[1]);
    this.parameters.push(...parameters);
    const [{ name, shape }] = parameters;
    return this.apply(convolution, [x, this.graph.input(name, shape)], attributes, layer);
  }

  apply<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A, { name }: Layer): Value {
    const { output } = operator.forward(this.graph, inputs, attributes);
    const macs = operator.macs?.(output, inputs, attributes);
    if (macs !== undefined) this.macs.set(name, macs);
    return output;
  }
}

/** A convolution's parameters, its weight first. */
function parametersOf(layer: ConvolutionLayer, inputs: number): Parameter[] {
  const { channels, kernel, bias, norm, module } = layer;
  const parameter = (suffix: string, role: ParameterRole, shape = [channels]): Parameter => ({
    name: `${layer.name}.${suffix}`,
    shape,
    role,
    layer: layer.name,
    module,
  });
  const norms = ['gamma', 'beta', 'mean', 'variance'] as const;
  return [
    parameter('weight', 'weight', [channels, inputs / groupsOf(layer), kernel, kernel]),
    ...(bias ? [parameter('bias', 'bias')] : []),
    ...(norm ? norms.map((role) => parameter(`norm.${role}`, role)) : []),
  ];
}
