/** Pictures without labels to learn on: frames of videos, and folders of pictures. */
import { basename, join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { loadImage } from '@twnet/node/images/images';
import { openVideo } from '@twnet/node/video/open-video';
import { BYTES_PER_PIXEL } from './data-set-stills.js';
import { isFolder, listPictures, sequenceAndFrame, stem } from './sets/listing.js';

export interface UnlabelledPicture {
  readonly name: string;
  /** Whose neighbours look alike: the video, or the drive by the file's name. */
  readonly sequence: string;
  readonly width: number;
  readonly height: number;
  /** Planar 8-bit RGB. */
  readonly pixels: Uint8Array;
}

export interface FrameChoice {
  /** Every so many frames one is taken. */
  readonly every: number;
  /** Of one video, at most; of longer ones every second is left out, as often as need be. */
  readonly most: number;
}

/**
 * Frames of a video, evenly over its length; the same ones every time. No more than `most` are held at a time.
 *
 * @throws InputError where it cannot be opened, or something of it cannot be decoded
 */
export async function videoPictures(
  path: string,
  { every, most }: FrameChoice,
  signal?: AbortSignal,
): Promise<UnlabelledPicture[]> {
  await using video = await openVideo(path, { motionSource: 'none', signal });
  let chosen: (UnlabelledPicture & { readonly index: number })[] = [];
  let apart = every;
  for await (const frame of video) {
    const { index, width, height, pixels } = frame;
    if (index % apart === 0 && chosen.length === most) {
      apart *= 2;
      chosen = chosen.filter((each) => each.index % apart === 0);
    }
    if (index % apart === 0) {
      const name = `${stem(basename(path))}_${String(index).padStart(6, '0')}`;
      chosen.push({ name, sequence: path, width, height, pixels, index });
    } else video.recycle(frame);
  }
  const [loss] = video.losses;
  if (loss) throw new InputError(`${path}: lost ${loss.what}; give a video that can be decoded whole`);
  return chosen;
}

/**
 * The pictures below a folder, by name, labels or none.
 *
 * @throws InputError where there is no such folder or no picture in it, or one cannot be read
 */
export async function folderPictures(folder: string): Promise<UnlabelledPicture[]> {
  if (!(await isFolder(folder))) throw new InputError(`${folder}: is no folder; give a folder of pictures`);
  const names = await listPictures(folder);
  if (names.length === 0) throw new InputError(`${folder}: holds no pictures (PNG, JPEG, WebP, TIFF)`);
  const pictures: UnlabelledPicture[] = [];
  for (const name of names) {
    const { sequence } = sequenceAndFrame(stem(name));
    pictures.push({ name, sequence, ...(await loadImage(join(folder, name))) });
  }
  return pictures;
}

/** Adds up what pictures and their labels take. */
export class PictureMemory {
  private taken = 0;

  /** @param bytes that there are */
  constructor(private readonly bytes: number) {}

  /** @throws InputError where these are too many beside those before */
  with(pictures: readonly UnlabelledPicture[], name: string): readonly UnlabelledPicture[] {
    for (const { width, height } of pictures) this.taken += BYTES_PER_PIXEL * width * height;
    if (this.taken <= this.bytes) return pictures;
    const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
    throw new InputError(
      `${name}: with its ${pictures.length} pictures there are ${gib(this.taken)} GiB to keep in memory, ${gib(this.bytes)} are to be had; take fewer (data.most, data.every) or smaller ones`,
    );
  }
}
