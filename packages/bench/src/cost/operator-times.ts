/** Where a network's time goes, operator by operator. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sizeOf } from '@twnet/core/graph/graph';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { runGraph } from '@twnet/core/network/inference-graph';
import type { TensorData } from '@twnet/core/runtime/engine';
import { type OperatorTime, readProfile } from '@twnet/node/engine/profile';
import { GraphSession } from '@twnet/node/engine/session';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';

export interface OperatorTimesOptions {
  readonly width: number;
  readonly height: number;
  /** Threads within an operator; default ONNX Runtime's. */
  readonly threads?: number;
  readonly provider?: string;
  /** Runs that count, after two that do not. */
  readonly runs: number;
  readonly random: () => number;
}

const WARMUP = 2;

/** Runs a network on random inputs, in this thread, with ONNX Runtime's profiler on, which itself costs a little. */
export async function operatorTimes(
  network: LoadedNetwork,
  { width, height, threads, provider, runs, random }: OperatorTimesOptions,
): Promise<OperatorTime[]> {
  const graph = runGraph(network, height, width, provider);
  const feeds: Record<string, TensorData> = {};
  for (const { name, shape, type } of graph.inputs) {
    const length = sizeOf(shape);
    feeds[name] =
      type === 'uint8'
        ? Uint8Array.from({ length }, () => 256 * random())
        : Float32Array.from({ length }, random);
  }
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-profile'));
  try {
    const session = await GraphSession.open(graph, { threads, provider, profilePrefix: join(folder, 'run') });
    try {
      for (let run = 0; run < WARMUP + runs; run++) await session.run(feeds);
      session.endProfiling();
    } finally {
      await session.close();
    }
    return await readProfile(folder, WARMUP);
  } finally {
    discardTemporary(folder);
  }
}
