/** A worker that one video's networks leave to the next one's: what ONNX Runtime runs stays compiled there. */
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import { type Assets, openIn, startWorker, type WebNetworksOptions } from './networks.js';

/** What a warm-up segments: enough for browsers to compile for speed what runs, and little to wait for. */
const WARM = { width: 240, height: 176, keyWidth: 480, keyHeight: 352, scale: 1 };
const WARM_FRAMES = 2;

export class WarmWorker {
  #idle: Worker | undefined;
  #warming: Promise<void> | undefined;
  #isWanted = false;

  constructor(private readonly assets: Assets = {}) {}

  /**
   * Runs the key-frame network on small pictures, as long as nobody wants the worker. What cannot be loaded is told to
   * whoever loads it.
   */
  warmUp(model: NetworkSource, options: Pick<WebNetworksOptions, 'speed' | 'provider'>): Promise<void> {
    this.#warming ??= this.#warmUp(model, options).catch(() => undefined);
    return this.#warming;
  }

  /** As `loadNetworks`. @throws what that throws */
  async load(model: NetworkSource, options: WebNetworksOptions): Promise<ModelNetworks> {
    this.#isWanted = true;
    await this.#warming;
    return this.#load(model, options);
  }

  async #warmUp(
    model: NetworkSource,
    options: Pick<WebNetworksOptions, 'speed' | 'provider'>,
  ): Promise<void> {
    await using networks = await this.#load(model, { ...options, ...sizesFor(model.card, WARM) });
    const { width, height } = networks.keySize;
    const pixels = new Uint8Array(3 * width * height);
    for (let i = 0; i < WARM_FRAMES && !this.#isWanted; i++) await networks.keyFrame(pixels);
  }

  #load(model: NetworkSource, options: WebNetworksOptions): Promise<ModelNetworks> {
    const worker = this.#idle ?? startWorker(this.assets);
    this.#idle = undefined;
    return openIn(worker, model, options, this.assets, () => {
      if (this.#idle) worker.terminate();
      else this.#idle = worker;
    });
  }
}
