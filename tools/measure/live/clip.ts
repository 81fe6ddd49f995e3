/** A real drive as cameras send it: without B-frames, an I-frame every two seconds, in sizes of one's choice. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';

const SOURCE = 'highway-960x540-h264.mp4';
const GROUP = 50;
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/twnet/', import.meta.url));

export interface ClipSize {
  readonly width: number;
  readonly height: number;
  /** Of the recording's 221; default all. */
  readonly frames?: number;
}

/** @param clips folder of the recordings @returns its path */
export async function cameraClip(clips: string, { width, height, frames }: ClipSize): Promise<string> {
  const path = join(CACHE, `live-${width}x${height}-${frames ?? 'all'}.mp4`);
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const video = await openVideo(join(clips, SOURCE));
  const { info } = video;
  const unfinished = path.replace(/\.mp4$/, '.part.mp4');
  const options = { preset: 'veryfast', tune: 'zerolatency', sc_threshold: '0', bf: '0', crf: '23' };
  const writer = await encodeVideo({
    ...{ output: unfinished, width: info.width, height: info.height, frameRate: 25, codec: 'h264' },
    ...{ gop: GROUP, encoder: { name: 'libx264', options }, scaleTo: { width, height } },
  });
  let count = 0;
  for await (const { pixels } of video) {
    if (count++ === frames) break;
    await writer.write(pixels);
  }
  await writer.finish();
  await rename(unfinished, path);
  return path;
}

/** Beside the clips, for what is made of them. */
export const cached = (name: string): string => join(CACHE, name);
