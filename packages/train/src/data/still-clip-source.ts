/** Clips made from stills, from a thread of their own, a few ahead of what is asked for. */
import type { Still } from './camvid.js';
import { NumberedSource } from './numbered-source.js';
import { sharedStill } from './shared-still.js';
import type { StillClipOptions } from './still-clip.js';
import type { TrainingClip } from './training-clip.js';

export class StillClipSource extends NumberedSource<TrainingClip> {
  constructor(stills: readonly Still[], options: StillClipOptions) {
    super({
      worker: 'still-clip-worker',
      parentUrl: import.meta.url,
      data: { stills: stills.map(sharedStill), options },
      what: 'training clip',
    });
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<TrainingClip> {
    return this.get(index);
  }

  /** The first `count` clips. */
  async first(count: number): Promise<TrainingClip[]> {
    const clips: TrainingClip[] = [];
    for (let index = 0; index < count; index++) clips.push(await this.clip(index));
    return clips;
  }
}
