/** Batches from a thread of their own, a few ahead of training, so that the networks never wait for data. */
import type { BatchOptions, StillBatch } from './batches.js';
import type { Still } from './camvid.js';
import { NumberedSource } from './numbered-source.js';
import { sharedStill } from './shared-still.js';
import type { StreetClipOptions } from './street-clip.js';

/** What a share of every batch is drawn from: stills, each once an epoch, or generated streets, each new. */
export type BatchOrigin = { readonly share: number } & (
  | { readonly stills: readonly Still[] }
  | { readonly street: StreetClipOptions }
);

export class BatchSource extends NumberedSource<StillBatch> {
  constructor(origins: readonly BatchOrigin[], options: BatchOptions) {
    const shared = origins.map((origin) =>
      'stills' in origin ? { ...origin, stills: origin.stills.map(sharedStill) } : origin,
    );
    super({
      worker: 'batch-worker',
      parentUrl: import.meta.url,
      data: { origins: shared, options },
      what: 'training batch',
    });
  }

  /** Batch number `step`; each number is to be asked for once, in order. */
  batch(step: number): Promise<StillBatch> {
    return this.get(step);
  }
}
