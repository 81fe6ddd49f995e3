/** What a network costs, counted from its description. */
import { groupsOf, inputsOf, type Layer, type NetworkDescription, pruned } from './description.js';
import { layerShapes, networkParameters } from './shapes.js';

/** Parts of the networks, in the order of the data's way. */
export const MODULES = [
  'encoder',
  'pyramid pooling',
  'heads',
  'CFR',
  'RGA',
  'decoder',
  'classifier',
] as const;
export type Module = (typeof MODULES)[number];

export interface LayerCost {
  readonly name: string;
  /** Multiply-adds. */
  readonly macs: number;
}

export interface ModuleCost {
  readonly module: Module;
  /** Multiply-adds of its convolutions for one frame, in 10⁹. */
  readonly gigaMacs: number;
  /** Learnt ones; batch norm's statistics are not counted. */
  readonly parameters: number;
}

export interface NetworkCost extends Omit<ModuleCost, 'module'> {
  /** See {@link peakActivationBytes}. */
  readonly peakActivationBytes: number;
  /** Those that the network has. */
  readonly modules: readonly ModuleCost[];
}

/** Cost of what the outputs need, for one frame of `height × width` pixels. */
export function networkCost(description: NetworkDescription, height: number, width: number): NetworkCost {
  const needed = pruned(description);
  const macs = new Map(layerCosts(needed, height, width).map((layer) => [layer.name, layer.macs]));
  const parameters = parametersByLayer(needed);
  const modules = MODULES.flatMap((module) => {
    const layers = needed.layers.filter((layer) => moduleOf(layer) === module);
    const sum = (counts: ReadonlyMap<string, number>): number =>
      layers.reduce((total, { name }) => total + (counts.get(name) ?? 0), 0);
    return layers.length === 0 ? [] : [{ module, gigaMacs: sum(macs) / 1e9, parameters: sum(parameters) }];
  });
  return {
    gigaMacs: gigaMacs(needed, height, width),
    parameters: parameterCount(needed),
    peakActivationBytes: peakActivationBytes(needed, height, width),
    modules,
  };
}

/** The module that a layer belongs to; undefined for inputs. */
export function moduleOf({ name, kind }: Layer): Module | undefined {
  if (kind === 'input') return undefined;
  if (name.startsWith('encoder.')) return 'encoder';
  if (name.startsWith('pyramid.')) return 'pyramid pooling';
  if (/^lateral\d\.skip$/.test(name)) return 'heads';
  if (name.startsWith('lateral') || name.startsWith('head.')) return 'decoder';
  if (name.startsWith('attention')) return 'RGA';
  if (name.startsWith('cfr')) return 'CFR';
  if (name.startsWith('classifier')) return 'classifier';
  throw new Error(`layer ${name} belongs to no module`);
}

/** Multiply-adds of every convolution and attention for one frame of `height × width` pixels. */
export function layerCosts(description: NetworkDescription, height: number, width: number): LayerCost[] {
  const shapes = layerShapes(description, height, width);
  return description.layers.flatMap((layer) => {
    const { channels, rows, columns } = shapes.get(layer.name)!;
    // For every cell: values by keys, those by queries, and the sums of keys by queries.
    if (layer.kind === 'linearAttention')
      return [{ name: layer.name, macs: channels * rows * columns * (2 * layer.size + 1) }];
    if (layer.kind !== 'convolution') return [];
    const inputs = shapes.get(layer.input)!.channels / groupsOf(layer);
    return [{ name: layer.name, macs: channels * rows * columns * inputs * layer.kernel ** 2 }];
  });
}

/** Multiply-adds in units of 10⁹ of what the outputs need. */
export function gigaMacs(description: NetworkDescription, height: number, width: number): number {
  return layerCosts(pruned(description), height, width).reduce((sum, { macs }) => sum + macs, 0) / 1e9;
}

/** Learnt parameters (batch norm's statistics not counted). */
export function parameterCount(description: NetworkDescription): number {
  return [...parametersByLayer(description).values()].reduce((sum, count) => sum + count, 0);
}

function parametersByLayer(description: NetworkDescription): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, role, shape } of networkParameters(description)) {
    if (role === 'mean' || role === 'variance') continue;
    const layer = name.replace(/(\.norm)?\.\w+$/, '');
    const count = shape.reduce((product, extent) => product * extent, 1);
    counts.set(layer, (counts.get(layer) ?? 0) + count);
  }
  return counts;
}

/**
 * The most memory that the layers' outputs take at once, bytes: layers run in their order, each into memory of its
 * own, float32 (8-bit pixels are one byte a value), and an output is freed after the last layer that reads it. The
 * network's outputs stay. Norms and activations of convolutions are part of these. An inference engine may need
 * less, by working in place, or more, for other layouts and scratch memory.
 */
export function peakActivationBytes(description: NetworkDescription, height: number, width: number): number {
  const needed = pruned(description);
  const shapes = layerShapes(needed, height, width);
  const lastReader = new Map<string, number>();
  for (const [index, layer] of needed.layers.entries())
    for (const input of inputsOf(layer)) lastReader.set(input, index);
  for (const output of Object.values(needed.outputs)) lastReader.set(output, needed.layers.length);
  const live = new Map<string, number>();
  let peak = 0;
  for (const [index, layer] of needed.layers.entries()) {
    const { channels, rows, columns } = shapes.get(layer.name)!;
    const bytes = layer.kind === 'input' && layer.content === 'pixels' ? 1 : 4;
    live.set(layer.name, channels * rows * columns * bytes);
    peak = Math.max(
      peak,
      [...live.values()].reduce((sum, size) => sum + size, 0),
    );
    for (const name of [...live.keys()]) if ((lastReader.get(name) ?? index) <= index) live.delete(name);
  }
  return peak;
}
