/** Clips from several sources, mixed by share. */

import { placeInMixture } from './mixture.js';
import type { TrainingClip } from './training-clip.js';

export interface ClipSource<T = TrainingClip> {
  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<T>;
  close(): Promise<void>;
}

export class ClipMixture<T = TrainingClip> implements ClipSource<T>, AsyncDisposable {
  private readonly shares: readonly number[];

  constructor(
    private readonly sources: readonly { readonly share: number; readonly source: ClipSource<T> }[],
  ) {
    this.shares = sources.map(({ share }) => share);
  }

  clip(index: number): Promise<T> {
    const place = placeInMixture(this.shares, index);
    return this.sources[place.source].source.clip(place.number);
  }

  /** Closes all sources. */
  async close(): Promise<void> {
    await Promise.all(this.sources.map(({ source }) => source.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
