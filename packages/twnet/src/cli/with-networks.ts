import type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';

/** Opens networks for as long as `use` runs. */
export async function withNetworks<T>(
  model: string | undefined,
  options: NetworksOptions,
  use: (networks: ModelNetworks) => Promise<T>,
): Promise<T> {
  const { loadNetworks } = await import('@twnet/node/networks/networks');
  const networks = await loadNetworks(model, options);
  try {
    return await use(networks);
  } finally {
    await networks.close();
  }
}
