/** A video's pictures in other streams. */
import { join } from 'node:path';
import type { VideoWriter } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import type { Size } from '@twnet/node/video/scaling';
import { type Coding, RECODED, recodingTo } from '../methods/coding.js';

/** For videos that say none. */
const FRAME_RATE = 25;

export interface RecodedVideo extends Size {
  /** In the order of the codings. */
  readonly paths: readonly string[];
  readonly frames: number;
}

export interface RecodePlan {
  readonly codings: readonly Coding[];
  readonly gop: number;
  /** The first so many frames at most. */
  readonly frames: number;
}

/**
 * Decodes a video once and writes every coding of it into `folder`: the same frames in the same order.
 *
 * @throws InputError for a video that cannot be read, or whose size a codec does not take
 */
export async function recodeVideo(
  path: string,
  folder: string,
  { codings, gop, frames }: RecodePlan,
): Promise<RecodedVideo> {
  await using video = await openVideo(path, { motionSource: 'none' });
  const { width, height, frameRate } = video.info;
  const size = { width, height };
  const paths = codings.map(({ codec, quality }, index) =>
    join(folder, `${index}-${codec}-${quality}.${RECODED}`),
  );
  const writers: VideoWriter[] = [];
  let count = 0;
  try {
    for (const [index, coding] of codings.entries())
      writers.push(
        await recodingTo(paths[index], { ...size, coding, gop, frameRate: frameRate || FRAME_RATE }),
      );
    for await (const frame of video) {
      for (const writer of writers) await writer.write(frame.pixels);
      video.recycle(frame);
      if (++count >= frames) break;
    }
    for (const writer of writers) await writer.finish();
  } finally {
    for (const writer of writers) await writer.abort();
  }
  return { ...size, paths, frames: count };
}
