/** Checkpoints: everything a run needs to go on exactly as if it had not stopped. */
import { readFile } from 'node:fs/promises';
import { InputError, TwnetError } from '@twnet/core/errors';
import { formatSafetensors, parseSafetensors, type Weights } from '@twnet/core/network/safetensors';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { configDifferences } from '../config/parse-config.js';
import { freshState, type TrainingState } from './state.js';

const GROUPS = ['parameters', 'first', 'second', 'averaged', 'carried'] as const;

/** Differences that an error lists; the rest is counted. */
const LISTED = 5;

/** @throws TwnetError for a state that is not finite: the checkpoint before it stays */
export async function writeCheckpoint(path: string, state: TrainingState, config: unknown): Promise<void> {
  const tensors: Weights = new Map();
  for (const group of GROUPS) {
    for (const [name, tensor] of state[group]) {
      checkFinite(tensor.data, name, state.step);
      tensors.set(`${group}/${name}`, tensor);
    }
  }
  const metadata = {
    step: String(state.step),
    config: JSON.stringify(config),
    positions: JSON.stringify(state.positions),
  };
  await writeFileAtomic(path, formatSafetensors(tensors, { type: 'float32', metadata }));
}

function checkFinite(data: Float32Array, name: string, step: number): void {
  // One term that is not finite makes the sum so.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] - data[i];
  if (sum !== 0)
    throw new TwnetError(
      `training diverged: ${name} is not finite after step ${step}; the last good checkpoint is kept, try a lower learning rate`,
    );
}

/**
 * Reads a checkpoint. It must be of a run with the same configuration and, where `network` gives names and shapes of
 * parameters, of that network.
 *
 * @throws InputError that names what differs
 */
export async function readCheckpoint(
  path: string,
  config: unknown,
  network?: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): Promise<TrainingState> {
  const { tensors, metadata } = parseSafetensors(await readFile(path), path);
  const step = Number(metadata.step);
  if (!Number.isInteger(step)) throw new InputError(`${path}: is not a training checkpoint`);
  if (metadata.config !== JSON.stringify(config)) {
    const differences = configDifferences(JSON.parse(metadata.config ?? '{}'), config);
    throw new InputError(
      `${path}: was written by a run with another configuration (there, here): ${listed(differences)}; resume with that run's options or choose another --out`,
    );
  }
  const state: TrainingState = {
    ...freshState(new Map()),
    step,
    positions: JSON.parse(metadata.positions ?? '[]'),
  };
  for (const [key, tensor] of tensors) {
    const slash = key.indexOf('/');
    const group = GROUPS.find((name) => name === key.slice(0, slash));
    if (!group) throw new InputError(`${path}: holds an unknown tensor ${key}`);
    state[group].set(key.slice(slash + 1), tensor);
  }
  if (network) {
    const differences = networkDifferences(state.parameters, network);
    if (differences.length > 0)
      throw new InputError(`${path}: is of another network: ${listed(differences)}; choose another --out`);
  }
  return state;
}

function networkDifferences(
  parameters: Weights,
  network: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): string[] {
  const differences: string[] = [];
  for (const [name, { shape }] of network) {
    const there = parameters.get(name)?.shape;
    if (!there) differences.push(`it has no ${name}`);
    else if (there.join() !== shape.join())
      differences.push(
        `${name} has the shape [${there.join(', ')}], the network wants [${shape.join(', ')}]`,
      );
  }
  for (const name of parameters.keys()) {
    if (!network.has(name)) differences.push(`its ${name} is unknown here`);
  }
  return differences;
}

function listed(differences: readonly string[]): string {
  const more = differences.length - LISTED;
  return differences.slice(0, LISTED).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
