/** What a network costs, counted from its description. */
import { type NetworkDescription, pruned } from './description.js';
import { layerShapes, networkParameters } from './shapes.js';

export interface LayerCost {
  readonly name: string;
  /** Multiply-adds of the convolution. */
  readonly macs: number;
}

/** Multiply-adds of every convolution for one frame of `height × width` pixels. */
export function layerCosts(description: NetworkDescription, height: number, width: number): LayerCost[] {
  const shapes = layerShapes(description, height, width);
  return description.layers.flatMap((layer) => {
    if (layer.kind !== 'convolution') return [];
    const { channels, rows, columns } = shapes.get(layer.name)!;
    const inputs = layer.depthwise ? 1 : shapes.get(layer.input)!.channels;
    return [{ name: layer.name, macs: channels * rows * columns * inputs * layer.kernel ** 2 }];
  });
}

/** Multiply-adds in units of 10⁹ of what the outputs need. */
export function gigaMacs(description: NetworkDescription, height: number, width: number): number {
  return layerCosts(pruned(description), height, width).reduce((sum, { macs }) => sum + macs, 0) / 1e9;
}

/** Learnt parameters (batch norm's statistics not counted). */
export function parameterCount(description: NetworkDescription): number {
  return networkParameters(description)
    .filter(({ role }) => role !== 'mean' && role !== 'variance')
    .reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}
