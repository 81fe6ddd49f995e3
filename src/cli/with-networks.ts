import type { Networks, NetworksOptions } from '../network/index.js';

/** Opens networks for as long as `use` runs. */
export async function withNetworks<T>(
  model: string | undefined,
  options: NetworksOptions,
  use: (networks: Networks) => Promise<T>,
): Promise<T> {
  const { loadNetworks } = await import('../network/index.js');
  const networks = await loadNetworks(model, options);
  try {
    return await use(networks);
  } finally {
    await networks.close();
  }
}
