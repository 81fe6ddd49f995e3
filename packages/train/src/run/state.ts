/** What training carries from step to step. */

import { sizeOf } from '@twnet/core/graph/graph';
import type { Weights } from '@twnet/core/network/safetensors';
import type { TensorData } from '@twnet/core/runtime/engine';
import type { GraphSession } from '@twnet/node/engine/session';
import { adamScheduleFeeds } from '../graph/adam.js';
import type { StepGraph } from '../graph/step-graph.js';

export interface TrainingState {
  /** Steps done. */
  step: number;
  /** Every parameter, batch norm's statistics included. */
  readonly parameters: Weights;
  /** Adam's moments of each learnt parameter. */
  readonly first: Weights;
  readonly second: Weights;
  /** Moving averages of the parameters; empty where a run takes none. */
  readonly averaged: Weights;
  /** Features that step 2 carries from frame to frame, by clip slot. */
  readonly carried: Weights;
  /** Where each clip slot of step 2 is. */
  positions: ClipPosition[];
}

/** A slot's place in its clip. */
export interface ClipPosition {
  /** Number of the made clip. */
  clip: number;
  /** The frame whose context feature is carried. */
  frame: number;
}

export function freshState(parameters: Weights): TrainingState {
  return {
    step: 0,
    parameters,
    first: new Map(),
    second: new Map(),
    averaged: new Map(),
    carried: new Map(),
    positions: [],
  };
}

/** Runs one step and takes over what it updated. Gives the step's other outputs. */
export async function runStep(
  session: GraphSession,
  step: StepGraph,
  state: TrainingState,
  feeds: Readonly<Record<string, TensorData>>,
  learningRate: number,
): Promise<Record<string, TensorData>> {
  const { parameters, first, second } = state;
  const all: Record<string, TensorData> = { ...feeds, ...adamScheduleFeeds(state.step + 1, learningRate) };
  for (const { name, shape } of step.graph.inputs) {
    if (name.startsWith('first:')) all[name] = moment(first, name.slice(6), shape);
    else if (name.startsWith('second:')) all[name] = moment(second, name.slice(7), shape);
    else if (!(name in all)) all[name] = parameters.get(name)!.data;
  }
  const results = await session.run(all);
  for (const name of step.replaced) {
    parameters.set(name, { ...parameters.get(name)!, data: results[`new:${name}`] as Float32Array });
  }
  for (const name of step.learnt) {
    first.set(name, { ...first.get(name)!, data: results[`newFirst:${name}`] as Float32Array });
    second.set(name, { ...second.get(name)!, data: results[`newSecond:${name}`] as Float32Array });
  }
  state.step += 1;
  return Object.fromEntries(Object.entries(results).filter(([name]) => !name.startsWith('new')));
}

function moment(moments: Weights, name: string, shape: readonly number[]): Float32Array {
  const known = moments.get(name);
  if (known) return known.data;
  const data = new Float32Array(sizeOf(shape));
  moments.set(name, { shape, data });
  return data;
}
