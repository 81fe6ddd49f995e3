/** Pictures of known motion, for tests: a texture defined everywhere, seen through a window that moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VideoFrame } from '@twnet/core/frame';
import { type EncodeOptions, encodeVideo } from '@twnet/node/video/encode-video';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import { openVideo, type Video } from '@twnet/node/video/open-video';

export interface Clip {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
}

/** Planar RGB of a smooth texture whose content lies (dx, dy) pixels to the right of and below its place. */
export function textureAt(width: number, height: number, dx: number, dy: number): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  for (let plane = 0, i = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const [u, v] = [x - dx, y - dy];
        const waves =
          Math.sin(0.31 * u + plane) +
          Math.sin(0.23 * v + 2 * plane) +
          Math.sin(0.17 * (u + v)) +
          Math.sin(0.11 * (0.7 * u - v) + 1) +
          Math.sin(0.047 * plane * u + 0.071 * v);
        pixels[i] = Math.min(255, Math.max(0, 128 + 24 * waves));
      }
    }
  }
  return pixels;
}

/** A clip whose content moves by (dx, dy) pixels a frame, sub-pel too. */
export function movingTexture(width: number, height: number, count: number, dx: number, dy: number): Clip {
  const frames = Array.from({ length: count }, (_, t) => textureAt(width, height, t * dx, t * dy));
  return { width, height, frames };
}

/** A folder for a test's files; `using` removes it. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'twnet-video-'));

  at(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Writes a clip as a video file. */
export async function writeClip(
  output: string,
  { width, height, frames }: Clip,
  options: Partial<EncodeOptions> = {},
): Promise<void> {
  await using writer = await encodeVideo({ output, width, height, frameRate: 25, ...options });
  for (const pixels of frames) await writer.write(pixels);
  await writer.finish();
}

/** Reads all of a video. */
export async function readAll(
  source: string | Uint8Array,
  options?: OpenVideoOptions,
): Promise<{ video: Video; frames: VideoFrame[]; types: string }> {
  const video = await openVideo(source, options);
  const frames: VideoFrame[] = [];
  for await (const frame of video) frames.push(frame);
  return { video, frames, types: frames.map(({ pictureType }) => pictureType).join('') };
}

/** Mean absolute difference of two pictures, 0 to 255. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`pictures of ${a.length} and ${b.length} bytes`);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/**
 * The vector that most of the area of blocks away from the border has, and the share of that area that has it.
 *
 * @param direction −1: into the past; +1: into the future
 */
export function prevailingMotion({ motion, width, height }: VideoFrame, direction = -1) {
  const areas = new Map<string, number>();
  let total = 0;
  for (let b = 0; b < motion.count; b++) {
    const { x, y, width: w, height: h } = motion;
    const inside = x[b] >= 16 && y[b] >= 16 && x[b] + w[b] <= width - 16 && y[b] + h[b] <= height - 16;
    if (motion.direction[b] !== direction || !inside) continue;
    const key = `${motion.dx[b]},${motion.dy[b]}`;
    areas.set(key, (areas.get(key) ?? 0) + w[b] * h[b]);
    total += w[b] * h[b];
  }
  const [vector, area] = [...areas].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0]);
  return { vector: vector.split(',').map(Number), share: area / total };
}
