/** What a network costs, counted from its description. */
import {
  inputsOf,
  type Layer,
  MODULES,
  type Module,
  type NetworkDescription,
  pruned,
} from './description.js';
import { layerMacs, layerShapes, networkParameters } from './shapes.js';

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
  const macs = layerMacs(needed, height, width);
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
export function moduleOf({ name, kind, module }: Layer): Module | undefined {
  if (module === undefined && kind !== 'input') throw new Error(`layer ${name} belongs to no module`);
  return module;
}

/** Multiply-adds in units of 10⁹ of what the outputs need. */
export function gigaMacs(description: NetworkDescription, height: number, width: number): number {
  const macs = layerMacs(pruned(description), height, width).values();
  return [...macs].reduce((sum, count) => sum + count, 0) / 1e9;
}

/** Learnt parameters (batch norm's statistics not counted). */
export function parameterCount(description: NetworkDescription): number {
  return [...parametersByLayer(description).values()].reduce((sum, count) => sum + count, 0);
}

function parametersByLayer(description: NetworkDescription): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { layer, role, shape } of networkParameters(description)) {
    if (role === 'mean' || role === 'variance') continue;
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
