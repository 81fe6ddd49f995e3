/** A thread for networks of which it is not known yet how large they are to be. */
import '../kernels/provide.js';
// Threads that are started from here have the telemetry off.
import '../engine/telemetry.js';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import type { RunnerReply, RunnerRequest } from '@twnet/core/runtime/frame-runner';
import { type ModelNetworks, type NetworksOptions, openNetworks } from '@twnet/core/runtime/networks';
import { readyPartner } from '../workers/partner.js';

export interface PreparedNetworks {
  /** Once. See `Networks.open`. */
  open(model: NetworkSource, options: NetworksOptions): Promise<ModelNetworks>;
  /** Where they are not wanted any more. */
  end(): Promise<void>;
}

/** Starts their thread and loads the engine there, which takes longer than to open them. */
export function prepareNetworks(): PreparedNetworks {
  const ready = readyPartner<RunnerRequest, RunnerReply>('segmentation-worker', import.meta.url);
  return {
    open: (model, options) => openNetworks(model, options, { port: ready.open }),
    end: () => ready.end(),
  };
}
