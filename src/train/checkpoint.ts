/** Checkpoints: everything a run needs to go on exactly as if it had not stopped. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { formatSafetensors, parseSafetensors, type Weights } from '../network/safetensors.js';
import { freshState, type TrainingState } from './state.js';

const GROUPS = ['parameters', 'first', 'second', 'carried'] as const;

export async function writeCheckpoint(path: string, state: TrainingState, config: unknown): Promise<void> {
  const tensors: Weights = new Map();
  for (const group of GROUPS) {
    for (const [name, tensor] of state[group]) tensors.set(`${group}/${name}`, tensor);
  }
  const metadata = {
    step: String(state.step),
    config: JSON.stringify(config),
    positions: JSON.stringify(state.positions),
  };
  await writeFileAtomic(path, formatSafetensors(tensors, { type: 'float32', metadata }));
}

/** Reads a checkpoint; it must be of a run with the same configuration. */
export async function readCheckpoint(path: string, config: unknown): Promise<TrainingState> {
  const { tensors, metadata } = parseSafetensors(await readFile(path), path);
  const step = Number(metadata.step);
  if (!Number.isInteger(step)) throw new InputError(`${path}: is not a training checkpoint`);
  if (metadata.config !== JSON.stringify(config)) {
    throw new InputError(
      `${path}: was written by a run with another configuration; resume with that run's options`,
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
  return state;
}
