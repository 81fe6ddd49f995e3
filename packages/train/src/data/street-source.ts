/** Street stills and clips from a thread of their own, a few ahead of what is asked for. */
import type { Still } from './camvid.js';
import { NumberedSource } from './numbered-source.js';
import type { StreetClipOptions } from './street-clip.js';
import type { TrainingClip } from './training-clip.js';

/** What the thread is asked to make. */
export type StreetKind = 'still' | 'clip';

function start<T>(kind: StreetKind, options: StreetClipOptions): NumberedSource<T> {
  return new NumberedSource<T>({
    worker: 'street-worker',
    parentUrl: import.meta.url,
    data: { kind, options },
    what: `street ${kind}`,
  });
}

/** Clips of streets, with the interface of {@link StillClipSource}. */
export class StreetClipSource {
  private readonly source: NumberedSource<TrainingClip>;

  constructor(options: StreetClipOptions) {
    this.source = start('clip', options);
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<TrainingClip> {
    return this.source.get(index);
  }

  /** Ends the thread; clips still waited for are refused. */
  close(): Promise<void> {
    return this.source.close();
  }
}

/** Labelled stills of streets. */
export class StreetStillSource {
  private readonly source: NumberedSource<Still>;

  constructor(options: StreetClipOptions) {
    this.source = start('still', options);
  }

  /** Still number `index`; each number is to be asked for once, about in order. */
  still(index: number): Promise<Still> {
    return this.source.get(index);
  }

  /** Ends the thread; stills still waited for are refused. */
  close(): Promise<void> {
    return this.source.close();
  }
}
