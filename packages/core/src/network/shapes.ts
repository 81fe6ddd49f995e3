/** Shapes and parameters of a described network. */
import { groupsOf, type Layer, type NetworkDescription } from './description.js';

/** Channels × rows × columns of a layer's output. */
export interface LayerShape {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/** Shape of every layer's output for frames of `height × width` pixels. */
export function layerShapes(
  { layers }: NetworkDescription,
  height: number,
  width: number,
): Map<string, LayerShape> {
  const shapes = new Map<string, LayerShape>();
  const at = (name: string): LayerShape => {
    const shape = shapes.get(name);
    if (!shape) throw new Error(`layer ${name} is read before it is made`);
    return shape;
  };
  for (const layer of layers) shapes.set(layer.name, shapeOf(layer, at, height, width));
  return shapes;
}

function shapeOf(layer: Layer, at: (name: string) => LayerShape, height: number, width: number): LayerShape {
  switch (layer.kind) {
    case 'input':
      return grid(layer.channels, Math.ceil(height / layer.stride), Math.ceil(width / layer.stride));
    case 'convolution': {
      const { rows, columns } = at(layer.input);
      return grid(layer.channels, Math.ceil(rows / layer.stride), Math.ceil(columns / layer.stride));
    }
    case 'linearAttention': {
      const { channels, rows, columns } = at(layer.input);
      return grid(channels / 3, rows, columns);
    }
    case 'pool':
      return grid(at(layer.input).channels, layer.bins, layer.bins);
    case 'resize':
    case 'enlarge':
      return { ...at(layer.like), channels: at(layer.input).channels };
    case 'maxPool':
    case 'halve': {
      const { channels, rows, columns } = at(layer.input);
      return grid(channels, Math.ceil(rows / 2), Math.ceil(columns / 2));
    }
    case 'concat': {
      const parts = layer.inputs.map(at);
      return { ...parts[0], channels: parts.reduce((sum, { channels }) => sum + channels, 0) };
    }
    case 'add':
    case 'multiply':
      return at(layer.inputs[0]);
    case 'activation':
    case 'scale':
      return at(layer.input);
  }
}

const grid = (channels: number, rows: number, columns: number): LayerShape => ({ channels, rows, columns });

/** What a parameter is for: decides how it starts, how it decays and whether it is learnt. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
}

/** Every parameter of a network, batch norm's statistics included, in order of use. */
export function networkParameters(description: NetworkDescription): Parameter[] {
  const shapes = layerShapes(description, 64, 64);
  return description.layers.flatMap((layer) => {
    if (layer.kind !== 'convolution') return [];
    const { name, channels, kernel, bias, norm } = layer;
    const inputs = shapes.get(layer.input)!.channels / groupsOf(layer);
    const vector = (suffix: string, role: ParameterRole): Parameter => ({
      name: `${name}.${suffix}`,
      shape: [channels],
      role,
    });
    return [
      { name: `${name}.weight`, shape: [channels, inputs, kernel, kernel], role: 'weight' as const },
      ...(bias ? [vector('bias', 'bias')] : []),
      ...(norm
        ? (['gamma', 'beta', 'mean', 'variance'] as const).map((role) => vector(`norm.${role}`, role))
        : []),
    ];
  });
}
