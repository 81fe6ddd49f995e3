/** Clips that end at a labelled frame, one after another; a clip's frames are all that is in memory. */
import { InputError } from '@twnet/core/errors';
import { loadImage } from '@twnet/node/images/images';
import { openVideo } from '@twnet/node/video/open-video';
import { loadStill, type Still } from '../camvid.js';
import type { DataSet, Split } from './data-set.js';
import type { ClipLocation, LabelledStill } from './history.js';

/**
 * Frames of an evaluation clip: the key frame lies 0 to 11 frames before the labelled one, so that the clip is the
 * 9th to the 20th frame of Cityscapes' snippets (Sec. 5.1.3).
 */
export const EVALUATION_CLIP_LENGTH = 12;

/** Frames of a training clip of step 2: the 19th and the 20th (Sec. 5.1.2). */
export const TRAINING_CLIP_LENGTH = 2;

/** A clip of a real sequence whose last frame is labelled. */
export interface LabelledEnd {
  readonly still: Still;
  /** Planar 8-bit RGB, `3 × height × width`; the last is the labelled still's picture as the sequence has it. */
  readonly frames: readonly Uint8Array[];
}

/** Where a split's clips are; stills without `length` frames up to them are left out. */
export async function locateClips(
  dataSet: DataSet,
  split: Split,
  length: number,
): Promise<readonly { still: LabelledStill; at: ClipLocation }[]> {
  const located = [];
  for (const still of await dataSet.stills(split)) {
    const at = await dataSet.history?.locate(still, length);
    if (at) located.push({ still, at });
  }
  return located;
}

/**
 * Reads a split's clips of `length` frames. Each video is decoded once, from its start to its last labelled frame.
 *
 * @throws InputError when a file cannot be read, a video ends early, or frames are of another size than the still
 */
export async function* readClips(
  dataSet: DataSet,
  split: Split,
  length: number,
): AsyncGenerator<LabelledEnd> {
  const ends = new Map<string, Map<number, LabelledStill[]>>();
  for (const { still, at } of await locateClips(dataSet, split, length)) {
    if (at.kind === 'pictures') yield await readPictureClip(still, at.paths);
    else {
      const ofVideo = ends.get(at.path) ?? new Map<number, LabelledStill[]>();
      ofVideo.set(at.last, [...(ofVideo.get(at.last) ?? []), still]);
      ends.set(at.path, ofVideo);
    }
  }
  for (const [path, ofVideo] of ends) yield* readVideo(path, ofVideo, length);
}

/** Reads the clip of a still whose frames are pictures. */
export async function readPictureClip(file: LabelledStill, paths: readonly string[]): Promise<LabelledEnd> {
  const still = await loadStill(file);
  const frames: Uint8Array[] = [];
  for (const path of paths) {
    const image = await loadImage(path);
    checkSize(path, image, still, file);
    frames.push(image.pixels);
  }
  return { still, frames };
}

async function* readVideo(
  path: string,
  ends: ReadonlyMap<number, readonly LabelledStill[]>,
  length: number,
): AsyncGenerator<LabelledEnd> {
  const last = Math.max(...ends.keys());
  const recent: Uint8Array[] = [];
  await using video = await openVideo(path, { motionSource: 'none' });
  let count = 0;
  for await (const frame of video) {
    recent.push(frame.pixels);
    if (recent.length > length) recent.shift();
    for (const file of ends.get(count) ?? []) {
      const still = await loadStill(file);
      checkSize(path, frame, still, file);
      yield { still, frames: [...recent] };
    }
    if (count++ === last) return;
  }
  throw new InputError(
    `${path}: ends after ${count} frames, a labelled still is its frame ${last}; set "first" in videos.json`,
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function checkSize(path: string, frame: Size, still: Size, { imagePath }: LabelledStill): void {
  if (frame.width === still.width && frame.height === still.height) return;
  throw new InputError(
    `${path}: frames are ${frame.width}×${frame.height}, ${imagePath} is ${still.width}×${still.height}; they must be of one size`,
  );
}
