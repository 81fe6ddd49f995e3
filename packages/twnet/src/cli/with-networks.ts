import type { Networks, NetworksOptions } from '@twnet/node/networks/networks';

/** Opens networks for as long as `use` runs. */
export async function withNetworks<T>(
  model: string | undefined,
  options: NetworksOptions,
  use: (networks: Networks) => Promise<T>,
): Promise<T> {
  const { loadNetworks } = await import('@twnet/node/networks/networks');
  const networks = await loadNetworks(model, options);
  try {
    return await use(networks);
  } finally {
    await networks.close();
  }
}
