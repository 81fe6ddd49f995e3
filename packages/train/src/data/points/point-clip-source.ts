/** Clips for an operating point, from a thread of their own, a few ahead of what is asked for. */
import type { Still } from '../camvid.js';
import { NumberedSource } from '../numbered-source.js';
import { sharedStill } from '../shared-still.js';
import type { Jumps } from '../still-clip.js';
import type { PointClipRules } from './draw-point-clip.js';
import type { PointClip } from './point-clip.js';
import type { StoredFrames } from './stored-videos.js';

/** What clips are made of. */
export type PointOrigin =
  | { readonly videos: StoredFrames; readonly frameStep: number }
  | { readonly stills: readonly Still[]; readonly jumps?: Jumps }
  | { readonly street: { readonly width: number; readonly height: number } };

export interface PointClipData {
  readonly origin: PointOrigin;
  readonly rules: PointClipRules;
  readonly seed: number;
  /** See `PointClipOptions.perFrame`. */
  readonly perFrame?: boolean;
}

export class PointClipSource extends NumberedSource<PointClip> {
  constructor(data: PointClipData) {
    const { origin } = data;
    const shared = 'stills' in origin ? { ...origin, stills: origin.stills.map(sharedStill) } : origin;
    super({
      worker: 'point-clip-worker',
      parentUrl: import.meta.url,
      data: { ...data, origin: shared },
      what: 'training clip',
    });
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<PointClip> {
    return this.get(index);
  }
}
