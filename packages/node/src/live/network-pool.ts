/** Key-frame networks for cameras: those with frames of one size share theirs. */
import type { ScoreLayout } from '@twnet/core/live/carried-scores';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { frameSizes, sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import { Networks } from '../networks/networks.js';
import { type PreparedNetworks, prepareNetworks } from '../networks/prepared-networks.js';
import type { VideoInfo } from '../video/video-info.js';

export interface PooledNetworks {
  readonly networks: ModelNetworks;
  readonly layout: ScoreLayout;
  /** @param keeps for a source that comes back; default true: those that were let go of last are */
  release(keeps?: boolean): Promise<void>;
}

interface Shared {
  readonly name: string;
  readonly opening: Promise<ModelNetworks>;
  users: number;
}

export class NetworkPool implements AsyncDisposable {
  private readonly shared = new Map<string, Shared>();
  /** For the first source: its thread is there before the source is. */
  private first: PreparedNetworks | undefined;
  /** Nobody uses them. */
  private idle: Shared | undefined;

  /**
   * @param threads within an operator; default the engine's choice
   * @param provider what of the machine they run on
   */
  constructor(
    private readonly model: NetworkSource,
    private readonly options: { readonly threads?: number; readonly provider?: string } = {},
  ) {}

  /** Starts what can be started before a source has said how large its frames are. */
  prepare(): void {
    this.first ??= prepareNetworks();
  }

  /** The key-frame network for a video's frames. @throws TwnetError where the engine refuses it */
  async take(info: VideoInfo): Promise<PooledNetworks> {
    const { card } = this.model;
    const sizes = sizesFor(card, info);
    const name = JSON.stringify(sizes);
    const shared = this.shared.get(name) ?? this.open(name, sizes);
    shared.users += 1;
    if (this.idle === shared) this.idle = undefined;
    let released = false;
    const release = async (keeps = true) => {
      if (released) return;
      released = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      const { idle } = this;
      this.idle = keeps ? shared : undefined;
      await Promise.all([keeps ? undefined : this.close(shared), idle && this.close(idle)]);
    };
    try {
      const networks = await shared.opening;
      const { scores } = frameSizes(card, { ...sizes, perFrame: true });
      const { width, height } = info;
      return {
        networks,
        layout: { ...scores, classes: card.classes.length, frame: { width, height } },
        release,
      };
    } catch (error) {
      await release(false);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { first } = this;
    this.first = undefined;
    await first?.end();
    await Promise.all([...this.shared.values()].map((shared) => this.close(shared)));
  }

  private open(name: string, sizes: ReturnType<typeof sizesFor>): Shared {
    const { first, model } = this;
    this.first = undefined;
    const options = { ...this.options, ...sizes, perFrame: true };
    const opening = first ? first.open(model, options) : Networks.open(model, options);
    opening.catch(() => undefined);
    const shared = { name, opening, users: 0 };
    this.shared.set(name, shared);
    return shared;
  }

  private async close(shared: Shared): Promise<void> {
    if (this.shared.get(shared.name) === shared) this.shared.delete(shared.name);
    if (this.idle === shared) this.idle = undefined;
    await (await shared.opening.catch(() => undefined))?.close();
  }
}
