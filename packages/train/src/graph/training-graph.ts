/** A described network on a tape: parameters as graph inputs, batch norm unfolded, every operator differentiable. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { hardSwish, relu, relu6 } from '@twnet/core/graph/operators/activation';
import { batchNorm, frozenBatchNorm } from '@twnet/core/graph/operators/batch-norm';
import { concat } from '@twnet/core/graph/operators/concat';
import { convolution } from '@twnet/core/graph/operators/convolution';
import { add, multiply, scale, sigmoid } from '@twnet/core/graph/operators/elementwise';
import { linearAttention } from '@twnet/core/graph/operators/linear-attention';
import { maxPool } from '@twnet/core/graph/operators/max-pool';
import {
  enlargeMatrix,
  halveMatrix,
  poolMatrix,
  resample,
  resizeMatrix,
} from '@twnet/core/graph/operators/resample';
import type { Tape } from '@twnet/core/graph/tape';
import {
  type ConvolutionLayer,
  groupsOf,
  type InputLayer,
  type Layer,
  type NetworkDescription,
} from '@twnet/core/network/description';
import { NORM_EPSILON, pixelInput } from '@twnet/core/network/normalisation';
import { paddingOf } from '@twnet/core/network/padding';
import { layerShapes, networkParameters } from '@twnet/core/network/shapes';

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
  const shapes = layerShapes(description, options.height, options.width);
  const statistics = new Map<string, { mean: Value; variance: Value }>();
  const values = new Map<string, Value>();
  const writer = new LayerWriter(tape, statistics, options);
  for (const layer of description.layers) {
    const { channels, rows, columns } = shapes.get(layer.name)!;
    values.set(
      layer.name,
      writer.write(layer, (name) => values.get(name)!, [options.batch, channels, rows, columns]),
    );
  }
  const outputs = Object.fromEntries(
    Object.entries(description.outputs).map(([output, layer]) => [output, values.get(layer)!]),
  );
  return { outputs, statistics };
}

class LayerWriter {
  constructor(
    private readonly tape: Tape,
    private readonly statistics: Map<string, { mean: Value; variance: Value }>,
    private readonly options: TapeOptions,
  ) {}

  write(layer: Layer, value: (name: string) => Value, shape: readonly number[]): Value {
    const { tape } = this;
    switch (layer.kind) {
      case 'input':
        return this.input(layer, shape);
      case 'convolution':
        return this.convolution(layer, value(layer.input));
      case 'maxPool':
        return tape.apply(maxPool, [value(layer.input)], { kernel: 3, stride: 2, padding: 1 });
      case 'activation':
        return tape.apply(relu, [value(layer.input)], undefined);
      case 'linearAttention':
        return tape.apply(linearAttention, [value(layer.input)], { size: layer.size });
      case 'concat':
        return tape.apply(concat, layer.inputs.map(value), undefined);
      case 'add':
      case 'multiply':
        return tape.apply(layer.kind === 'add' ? add : multiply, layer.inputs.map(value), undefined);
      case 'scale':
        return tape.apply(scale, [value(layer.input)], { factor: layer.factor });
      default: {
        const x = value(layer.input);
        const matrix = (axis: 2 | 3) => {
          if (layer.kind === 'pool') return poolMatrix(x.shape[axis], layer.bins);
          if (layer.kind === 'halve') return halveMatrix(x.shape[axis]);
          return layer.kind === 'enlarge'
            ? enlargeMatrix(x.shape[axis], layer.factor ?? 2, shape[axis])
            : resizeMatrix(x.shape[axis], shape[axis]);
        };
        return tape.apply(resample, [x], { rows: matrix(2), columns: matrix(3) });
      }
    }
  }

  private input({ name, content, normalisation }: InputLayer, shape: readonly number[]): Value {
    const { inputs = {}, suffix = '' } = this.options;
    if (name in inputs) return inputs[name];
    const { graph } = this.tape;
    return content === 'pixels'
      ? pixelInput(graph, name + suffix, shape, normalisation)
      : graph.input(name + suffix, shape);
  }

  private convolution(layer: ConvolutionLayer, x: Value): Value {
    const { tape } = this;
    const parameter = (suffix: string): Value => this.options.parameters.get(`${layer.name}.${suffix}`)!;
    const inputs = [x, parameter('weight'), ...(layer.bias ? [parameter('bias')] : [])];
    let y = tape.apply(convolution, inputs, {
      stride: layer.stride,
      padding: paddingOf(layer, x.shape[2], x.shape[3]),
      groups: groupsOf(layer),
    });
    if (layer.norm) y = this.normalise(layer.name, y, parameter);
    switch (layer.activation) {
      case 'none':
        return y;
      case 'relu':
        return tape.apply(relu, [y], undefined);
      case 'relu6':
        return tape.apply(relu6, [y], undefined);
      case 'hardSwish':
        return tape.apply(hardSwish, [y], undefined);
      case 'sigmoid':
        return tape.apply(sigmoid, [y], undefined);
    }
  }

  private normalise(name: string, x: Value, parameter: (suffix: string) => Value): Value {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((role) =>
      parameter(`norm.${role}`),
    );
    if (this.options.norm === 'frozen') {
      return this.tape.apply(frozenBatchNorm, [x, gamma, beta, mean, variance], { epsilon: NORM_EPSILON });
    }
    const y = this.tape.apply(batchNorm, [x, gamma, beta], { epsilon: NORM_EPSILON });
    const [batchMean, biased] = this.tape.applications.at(-1)!.saved;
    const count = x.shape[0] * x.shape[2] * x.shape[3];
    const { graph } = this.tape;
    const unbiased = graph.node('Mul', [biased, graph.scalar(count / Math.max(count - 1, 1))], biased.shape);
    this.statistics.set(`${name}.norm`, { mean: batchMean, variance: unbiased });
    return y;
  }
}
