/** Key-frame networks for cameras: those with frames of one size share theirs. */
import type { ScoreLayout } from '@twnet/core/live/carried-scores';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { frameSizes, sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import { Networks } from '../networks/networks.js';
import type { VideoInfo } from '../video/video-info.js';

export interface PooledNetworks {
  readonly networks: ModelNetworks;
  readonly layout: ScoreLayout;
  /** The last one to let go of them closes them. */
  release(): Promise<void>;
}

interface Shared {
  readonly opening: Promise<ModelNetworks>;
  users: number;
}

export class NetworkPool {
  private readonly shared = new Map<string, Shared>();

  /**
   * @param threads within an operator; default the engine's choice
   * @param provider what of the machine they run on
   */
  constructor(
    private readonly model: NetworkSource,
    private readonly options: { readonly threads?: number; readonly provider?: string } = {},
  ) {}

  /** The key-frame network for a video's frames. @throws TwnetError where the engine refuses it */
  async take(info: VideoInfo): Promise<PooledNetworks> {
    const { card } = this.model;
    const sizes = sizesFor(card, info);
    const name = JSON.stringify(sizes);
    const shared = this.shared.get(name) ?? this.open(name, sizes);
    shared.users += 1;
    let released = false;
    const release = async () => {
      if (released) return;
      released = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      this.shared.delete(name);
      await (await shared.opening.catch(() => undefined))?.close();
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
      await release();
      throw error;
    }
  }

  private open(name: string, sizes: ReturnType<typeof sizesFor>): Shared {
    const opening = Networks.open(this.model, { ...this.options, ...sizes, perFrame: true });
    opening.catch(() => undefined);
    const shared = { opening, users: 0 };
    this.shared.set(name, shared);
    return shared;
  }
}
