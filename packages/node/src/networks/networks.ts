/** Networks on ONNX Runtime, in a thread of their own. */
import '../kernels/provide.js';
// Threads that are started from here have the telemetry off.
import '../engine/telemetry.js';
import { availableParallelism } from 'node:os';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import type { RunnerReply, RunnerRequest } from '@twnet/core/runtime/frame-runner';
import {
  type ModelNetworks,
  type Networks as NetworksOfAnyKind,
  type NetworksOptions,
  openNetworks,
} from '@twnet/core/runtime/networks';
import { Model } from '../model/model.js';
import {
  checkCount,
  checkFolder,
  checkNetworksOptions,
  checkSource,
  isSource,
} from '../model/networks-options.js';
import { openPartner } from '../workers/partner.js';

export type Networks = NetworksOfAnyKind;
/** A model's networks, ready to run, for any number of streams of frames at a time. */
export const Networks = {
  open: (model: NetworkSource, options: NetworksOptions): Promise<ModelNetworks> =>
    openNetworks(model, options, {
      port: openPartner<RunnerRequest, RunnerReply>('segmentation-worker', import.meta.url),
    }),
};

/**
 * Opens the networks of a model.
 *
 * @param model name of one that ships, a model folder, or one that is open; default: `DEFAULT_MODEL`
 * @throws InputError for options that make no sense, and for a model that cannot be used
 */
export async function loadNetworks(
  model: string | NetworkSource | undefined,
  options: NetworksOptions,
): Promise<ModelNetworks> {
  if (!isSource(model)) checkFolder('loadNetworks', model);
  checkNetworksOptions('loadNetworks', options);
  return Networks.open(isSource(model) ? model : await Model.open(model), options);
}

/**
 * Opens the networks of a model `parallel` times, for as many groups of pictures at a time (see `segmentVideo`). The
 * threads, by default one for each of the machine's cores, are shared out among them.
 *
 * @throws InputError for options that make no sense
 */
export async function openParallel(
  model: NetworkSource,
  parallel: number,
  options: NetworksOptions,
): Promise<ModelNetworks[]> {
  checkSource('openParallel', model);
  checkNetworksOptions('openParallel', options);
  checkCount('openParallel', 'parallel', parallel);
  const all = options.threads ?? availableParallelism();
  const threads = parallel === 1 ? options.threads : Math.max(1, Math.floor(all / parallel));
  const opened: ModelNetworks[] = [];
  try {
    for (let i = 0; i < parallel; i++) opened.push(await Networks.open(model, { ...options, threads }));
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

export async function closeAll(networks: readonly Networks[]): Promise<void> {
  await Promise.all(networks.map((one) => one.close()));
}
