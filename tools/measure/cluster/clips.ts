/** What is segmented where a queue is measured: rendered streets, kept in node_modules. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import { FRAME_RATE, renderScene } from '../../../packages/twnet/src/cli/demo/scene.js';

export const FOLDER = fileURLToPath(
  new URL('../../../node_modules/.cache/twnet/queue-clips', import.meta.url),
);
export const CLIPS = 40;
export const FRAMES = 24;
export const SIZE = { width: 480, height: 360 };
export const LONG = { frames: 2 * CLIPS * FRAMES, seconds: (2 * CLIPS * FRAMES) / FRAME_RATE, gop: 48 };

/** Of two groups of 12 frames each. */
export async function shortClips(): Promise<readonly string[]> {
  mkdirSync(FOLDER, { recursive: true });
  const paths: string[] = [];
  for (let seed = 1; seed <= CLIPS; seed++) {
    const path = join(FOLDER, `clip-${seed}.mp4`);
    if (!existsSync(path)) await renderScene(path, { frames: FRAMES, size: SIZE, seed }, () => undefined);
    paths.push(path);
  }
  return paths;
}

/** All of them twice, one after the other, in H.264. */
export async function longVideo(): Promise<string> {
  const clips = await shortClips();
  const path = join(FOLDER, 'long.mp4');
  if (existsSync(path)) return path;
  const encoder = { name: 'libx264', options: { sc_threshold: '0' } };
  const coding = { codec: 'h264', gop: LONG.gop, quality: 20, encoder } as const;
  await using writer = await encodeVideo({ output: path, ...SIZE, frameRate: FRAME_RATE, ...coding });
  for (const clip of [...clips, ...clips]) {
    await using video = await openVideo(clip, { motionSource: 'none' });
    for await (const { pixels } of video) await writer.write(pixels);
  }
  await writer.finish();
  return path;
}
