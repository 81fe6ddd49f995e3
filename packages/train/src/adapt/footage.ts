/** The videos that a network is adapted to: which part of each is learnt on, and which is held out. */
import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import { openVideo } from '@twnet/node/video/open-video';

/** Share of every video's end that is held out. */
export const HELD_OUT = 0.25;
/** Frames of a group: a key frame and those that are made from it. */
export const GROUP = 12;

export interface Footage {
  readonly path: string;
  /** Of frames as the network sees them, pixels. */
  readonly width: number;
  readonly height: number;
  /** Share of the video's sides that they have. */
  readonly scale: number;
  /** Seconds from its beginning at which the part begins that is held out. */
  readonly split: number;
  /** Groups before that, about. */
  readonly groups: number;
}

/**
 * @param opening how videos are opened for the model
 * @throws InputError for what is no video, is too short to be parted, or does not say how long it is
 */
export async function footageOf(path: string, opening: OpenVideoOptions): Promise<Footage> {
  await using video = await openVideo(path, opening);
  const { width, height, scale, durationSeconds, frameRate } = video.info;
  if (durationSeconds === undefined)
    throw new InputError(`${path}: does not say how long it is; give a file that does, such as an MP4`);
  const split = durationSeconds * (1 - HELD_OUT);
  const groups = Math.floor((split * frameRate) / GROUP);
  if (groups < 1 || durationSeconds * HELD_OUT * frameRate < 2)
    throw new InputError(
      `${path}: is too short to adapt to: it has about ${Math.round(durationSeconds * frameRate)} frames; give at least ${2 * GROUP}`,
    );
  return { path, width, height, scale, split, groups };
}

/**
 * Groups of consecutive frames of the part that is learnt on, every so many one. Frames are the caller's.
 *
 * @param opening how videos are opened for the model
 */
export async function* groupsOf(
  { path, split }: Footage,
  opening: OpenVideoOptions,
  every: number,
  signal?: AbortSignal,
): AsyncGenerator<VideoFrame[], void> {
  await using video = await openVideo(path, { ...opening, duration: split, signal });
  let frames: VideoFrame[] = [];
  let number = 0;
  for await (const frame of video) {
    const isWanted = Math.floor(number++ / GROUP) % every === 0;
    if (!isWanted) {
      video.recycle(frame);
      continue;
    }
    frames.push(frame);
    if (frames.length === GROUP) {
      yield frames;
      frames = [];
    }
  }
}
