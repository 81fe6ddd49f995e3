/** Networks that stay open from job to job: opening them takes as long as a group of pictures. */
import type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';
import type { Model } from '@twnet/node/model/model';
import { Networks } from '@twnet/node/networks/networks';
import type { NetworksPool } from './segment-part.js';

export class KeptNetworks implements NetworksPool, AsyncDisposable {
  readonly #idle: { readonly key: string; readonly networks: ModelNetworks }[] = [];
  readonly #keys = new Map<ModelNetworks, string>();

  /**
   * @param most sets that are open at a time
   * @param threads of each
   */
  constructor(
    readonly most: number,
    readonly threads: number | undefined,
  ) {}

  async borrow(model: Model, options: NetworksOptions): Promise<ModelNetworks> {
    const key = JSON.stringify([model.digest, options]);
    const at = this.#idle.findIndex((each) => each.key === key);
    if (at >= 0) return this.#idle.splice(at, 1)[0].networks;
    if (this.#keys.size >= this.most) await this.#close(this.#idle.shift()?.networks);
    const networks = await Networks.open(model, { ...options, threads: this.threads });
    this.#keys.set(networks, key);
    return networks;
  }

  giveBack(networks: ModelNetworks): void {
    this.#idle.push({ key: this.#keys.get(networks) ?? '', networks });
  }

  async #close(networks: ModelNetworks | undefined): Promise<void> {
    if (!networks) return;
    this.#keys.delete(networks);
    await networks.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#keys.keys()].map((networks) => this.#close(networks)));
  }
}
