/** Real clips as training takes them: frames up to a labelled one, through the codec and back (Sec. 5.1.2). */

import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { seededRandom, shuffled } from '@twnet/core/random';
import { recodeClip } from '@twnet/node/video/recode-clip';
import type { ClipSource } from '../clip-mixture.js';
import { STREAM } from '../random-streams.js';
import type { TrainingClip } from '../training-clip.js';
import { drawQuantiser } from '../training-clip.js';
import { readPictureClip } from './clips.js';
import type { History, LabelledStill } from './history.js';

interface PictureClip {
  readonly still: LabelledStill;
  readonly paths: readonly string[];
}

/** Labelled stills and where their frames are. */
export interface Sequences {
  readonly folder: string;
  readonly stills: readonly LabelledStill[];
  readonly history?: History;
}

export interface SequenceClipOptions {
  readonly seed: number;
  /** Frames of a clip; the last is the labelled one, the labels of the others are ignored. */
  readonly length: number;
}

/** Clips from sequences of pictures, each once an epoch, in an order of the epoch's own. */
export class SequenceClipSource implements ClipSource {
  private located?: Promise<readonly PictureClip[]>;

  constructor(
    private readonly sequences: Sequences,
    private readonly options: SequenceClipOptions,
  ) {}

  /**
   * Clip number `index`: the same data set, seed and number give the same clip.
   *
   * @throws InputError when no still has the frames before it as pictures, or a picture cannot be used
   */
  async clip(index: number): Promise<TrainingClip> {
    this.located ??= locate(this.sequences, this.options.length);
    const clips = await this.located;
    const { seed, length } = this.options;
    const epoch = Math.floor(index / clips.length);
    const { still: file, paths } =
      clips[shuffled(clips.length, seededRandom(seed, epoch, STREAM.sequenceOrder))[index % clips.length]];
    const { still, frames } = await readPictureClip(file, paths);
    const { width, height, labels } = still;
    if (width % 2 === 1 || height % 2 === 1)
      throw new InputError(`${file.imagePath}: is ${width}×${height}; the MPEG-4 encoder takes even sizes`);
    const quality = drawQuantiser(seededRandom(seed, index, STREAM.sequenceQuantiser));
    const unlabelled = new Uint8Array(labels.length).fill(IGNORE_LABEL);
    return {
      frames: recodeClip(frames, { width, height, gop: length, quality }),
      labels: frames.map((_, t) => (t === length - 1 ? labels : unlabelled)),
    };
  }

  async close(): Promise<void> {}
}

async function locate(
  { folder, stills, history }: Sequences,
  length: number,
): Promise<readonly PictureClip[]> {
  const clips: PictureClip[] = [];
  // In the order of the stills, whose neighbours share a folder of frames.
  for (const still of stills) {
    const at = await history?.locate(still, length);
    if (at?.kind === 'pictures') clips.push({ still, paths: at.paths });
  }
  if (clips.length > 0) return clips;
  throw new InputError(
    `${folder}: no still to learn from has the ${length - 1} frames before it as pictures; see docs/guide/data.md, or set data.sequences to 0`,
  );
}
