/** How much memory a training step takes, and what to say where there is not so much. */
import { totalmem } from 'node:os';
import { InputError, messageOf, TwnetError } from '@twnet/core/errors';
import { sizeOf } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import { layerShapes, networkParameters } from '@twnet/core/network/shapes';

/** An estimate, bytes. */
export interface StepMemory {
  /** Whatever the batch. */
  readonly fixed: number;
  /** For each sample of the batch. */
  readonly perSample: number;
  readonly batch: number;
}

export interface StepSize {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** Passes through the network that a step differentiates through; default 1. */
  readonly frames?: number;
}

/**
 * Process, libraries, and copies of the parameters (gradients, moments, their updates, the model in ONNX Runtime).
 * These three are fitted to the peaks of whole steps of all three backbones at 320×240, batch 1 to 5.
 */
const PROCESS = 250e6;
const COPIES_OF_PARAMETERS = 11;
/** Feature maps alive at the peak of a step, over the network's own. */
const COPIES_OF_FEATURES = 4.4;
const FLOAT = 4;
const GIB = 2 ** 30;

/** What a training step of a network will take at its peak; within about a third of what is measured. */
export function estimateStepMemory(description: NetworkDescription, size: StepSize): StepMemory {
  const { batch, height, width, frames = 1 } = size;
  const shapes = [...layerShapes(description, height, width).values()];
  const features = shapes.reduce((sum, { channels, rows, columns }) => sum + channels * rows * columns, 0);
  const parameters = networkParameters(description).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    fixed: PROCESS + COPIES_OF_PARAMETERS * FLOAT * parameters,
    perSample: COPIES_OF_FEATURES * FLOAT * features * frames,
    batch,
  };
}

/** The largest batch within `memory` bytes; 0 where none is. */
export function largestBatch({ fixed, perSample }: StepMemory, memory: number): number {
  return Math.max(0, Math.floor((memory - fixed) / perSample));
}

/** @throws InputError where a step cannot fit into the machine (or container): it would be killed without a word */
export function refuseTooLarge(need: StepMemory, memory = memoryLimit()): void {
  const bytes = need.fixed + need.batch * need.perSample;
  if (bytes > memory)
    throw new InputError(
      `a batch of ${need.batch} takes about ${inGib(bytes)}, this machine has ${inGib(memory)}; ${advice(need, memory)}`,
    );
}

/** Runs `train`; a failed allocation of JavaScript's or ONNX Runtime's becomes one line that names a batch. */
export async function advisingOnMemory<T>(need: StepMemory, train: () => Promise<T>): Promise<T> {
  try {
    return await train();
  } catch (error) {
    if (error instanceof TwnetError || !OUT_OF_MEMORY.test(messageOf(error))) throw error;
    const memory = Math.min(memoryLimit(), process.availableMemory() + process.memoryUsage.rss());
    throw new TwnetError(
      `out of memory at a batch of ${need.batch}; the last checkpoint is kept; ${advice(need, memory)}`,
    );
  }
}

const OUT_OF_MEMORY =
  /failed to allocate memory|bad_alloc|array buffer allocation failed|invalid typed array length|out of memory/i;

function advice(need: StepMemory, memory: number): string {
  const fitting = Math.min(largestBatch(need, memory), need.batch - 1);
  return fitting > 0
    ? `a batch of ${fitting} should fit: set batch`
    : 'not even a batch of 1 should fit: set a smaller size';
}

function memoryLimit(): number {
  // 0 or beyond the machine's own where no container limits the process.
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
