/** A model's networks, in a Web Worker of their own. */
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { type ModelNetworks, type NetworksOptions, openNetworks } from '@twnet/core/runtime/networks';
import { chooseProvider, type Provider } from '../engine/provider.js';
import { workerPort } from './worker-port.js';

/** Where what is not JavaScript lies, where a bundler or a server has put it elsewhere than it was. */
export interface Assets {
  /** Address of `kernels.wasm`; default: beside the package's script. */
  readonly kernels?: string;
  /** Address of the folder, with a slash at its end, that has ONNX Runtime's `ort-wasm-….wasm`; default: beside its script. */
  readonly runtime?: string;
  /** Starts the worker of the networks; default: the package's own script. */
  readonly worker?: () => Worker;
}

export interface WebNetworksOptions extends Omit<NetworksOptions, 'provider'> {
  /** Default: 'webgpu' where there is an adapter, else 'wasm'. */
  readonly provider?: Provider;
}

const ownWorker = (): Worker =>
  new Worker(new URL('./segmentation-worker.js', import.meta.url), {
    type: 'module',
    name: 'twnet networks',
  });

/**
 * Opens the networks of a model in a Web Worker.
 *
 * @throws InputError for a layer or speed that the model does not have; RangeError for sizes that do not go together;
 *   TwnetError where the engine refuses them
 */
export async function loadNetworks(
  model: NetworkSource,
  options: WebNetworksOptions,
  assets: Assets = {},
): Promise<ModelNetworks> {
  const worker = startWorker(assets);
  return openIn(worker, model, options, assets, () => worker.terminate());
}

export const startWorker = ({ worker = ownWorker }: Assets): Worker => worker();

/**
 * {@link loadNetworks} in a worker that is there.
 *
 * @param onClosed what becomes of the worker when the networks have been closed; one that failed is terminated
 */
export async function openIn(
  worker: Worker,
  model: NetworkSource,
  { provider, ...options }: WebNetworksOptions,
  { kernels, runtime }: Assets,
  onClosed: () => void,
): Promise<ModelNetworks> {
  const chosen = await chooseProvider(provider);
  const setup = { kernels: absolute(kernels), runtime: absolute(runtime) };
  return openNetworks(model, { ...options, provider: chosen }, { port: workerPort(worker, setup, onClosed) });
}

/** A worker's own address is another. */
const absolute = (address: string | undefined): string | undefined =>
  address === undefined ? undefined : new URL(address, globalThis.location.href).href;
