/** Street stills and clips from a thread of their own, a few ahead of what is asked for. */
import type { Still } from './camvid.js';
import { NumberedSource } from './numbered-source.js';
import type { StreetClipOptions } from './street-clip.js';
import type { TrainingClip } from './training-clip.js';

/** What the thread is asked to make. */
export type StreetKind = 'still' | 'clip';

const thread = (kind: StreetKind, options: StreetClipOptions) => ({
  worker: 'street-worker',
  parentUrl: import.meta.url,
  data: { kind, options },
  what: `street ${kind}`,
});

/** Clips of streets, with the interface of {@link StillClipSource}. */
export class StreetClipSource extends NumberedSource<TrainingClip> {
  constructor(options: StreetClipOptions) {
    super(thread('clip', options));
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<TrainingClip> {
    return this.get(index);
  }
}

/** Labelled stills of streets. */
export class StreetStillSource extends NumberedSource<Still> {
  constructor(options: StreetClipOptions) {
    super(thread('still', options));
  }

  /** Still number `index`; each number is to be asked for once, about in order. */
  still(index: number): Promise<Still> {
    return this.get(index);
  }
}
