/** Made clips from a thread of their own, a few ahead of what is asked for. */
import type { Still } from './camvid.js';
import type { MadeClip, MadeClipOptions } from './made-clip.js';
import { NumberedSource } from './numbered-source.js';
import { sharedStill } from './shared-still.js';

export class MadeClipSource implements AsyncDisposable {
  private readonly source: NumberedSource<MadeClip>;

  constructor(stills: readonly Still[], options: MadeClipOptions) {
    this.source = new NumberedSource<MadeClip>({
      worker: 'made-clip-worker',
      parentUrl: import.meta.url,
      data: { stills: stills.map(sharedStill), options },
      what: 'training clip',
    });
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  clip(index: number): Promise<MadeClip> {
    return this.source.get(index);
  }

  /** The first `count` clips. */
  async first(count: number): Promise<MadeClip[]> {
    const clips: MadeClip[] = [];
    for (let index = 0; index < count; index++) clips.push(await this.clip(index));
    return clips;
  }

  /** Ends the thread; clips still waited for are refused. */
  close(): Promise<void> {
    return this.source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
