/** The room's parts on real streams: a texture of known motion, through the real encoder and decoder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { denseMotion } from '@twnet/core/motion/dense-motion';
import type { Stride } from '@twnet/core/motion/grid';
import { residualMap } from '@twnet/core/motion/residual-map';
import { warpFeatures } from '@twnet/core/motion/warp';
import { macroblocks, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { encodeVideo } from '../video/encode-video.js';
import { openVideo } from '../video/open-video.js';
import { recodeClip } from '../video/recode-clip.js';

const WIDTH = 192;
const HEIGHT = 128;

/** A smooth random texture, larger than any window cut from it, planar RGB. */
function makeTexture(width: number, height: number): Uint8Array {
  const random = randomFrom(11);
  const waves = Array.from({ length: 24 }, () => [
    random() - 0.5,
    random() - 0.5,
    random() * 7,
    random() * 3,
  ]);
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const plane = Math.floor(i / (width * height));
    const x = i % width;
    const y = Math.floor(i / width) % height;
    let value = 128;
    for (const [fx, fy, phase, kind] of waves) {
      if (Math.abs(kind - plane) < 1.5) value += 12 * Math.sin(0.4 * (fx * x + fy * y) + phase);
    }
    return Math.min(255, Math.max(0, value));
  });
}

const TEXTURE = makeTexture(WIDTH + 128, HEIGHT + 128);

/** The window at (64 − dx, 64 − dy): a picture whose content has moved by (dx, dy). */
function windowAt(dx: number, dy: number): Uint8Array {
  const out = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < HEIGHT; y++) {
      const from = (plane * (HEIGHT + 128) + y + 64 - dy) * (WIDTH + 128) + 64 - dx;
      out.set(TEXTURE.subarray(from, from + WIDTH), (plane * HEIGHT + y) * WIDTH);
    }
  }
  return out;
}

/** Mean brightness of each cell, 3 planes: the simplest feature map. */
function cellMeans(pixels: Uint8Array, stride: Stride): Float32Array {
  return residualMap(pixels, pixels, NO_MOTION, WIDTH, HEIGHT, stride, { sampling: 1 }).data;
}

/** Values of cells at least `margin` cells from the frame's border. */
function interior(values: Float32Array, rows: number, columns: number, margin: number): number[] {
  return [...values].filter((_, i) => {
    const row = Math.floor(i / columns) % rows;
    const column = i % columns;
    return Math.min(row, rows - 1 - row, column, columns - 1 - column) >= margin;
  });
}

const meanOf = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

/** Motion by (dx, dy) a frame, in pixels, from the I-frame on. */
const MOTIONS = [
  [3, 2],
  [-5, 4],
  [0, -6],
] as const;

/** A clip through an H.264 file and back. */
async function throughH264(clip: readonly Uint8Array[]): Promise<VideoFrame[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-motion-'));
  try {
    const output = join(folder, 'clip.mp4');
    const options = { refs: '1', bf: '0' };
    const size = { width: WIDTH, height: HEIGHT, frameRate: 25 };
    const writer = await encodeVideo({ ...size, output, codec: 'h264', quality: 12, encoder: { options } });
    for (const pixels of clip) await writer.write(pixels);
    await writer.finish();
    const frames: VideoFrame[] = [];
    for await (const frame of await openVideo(output)) frames.push(frame);
    return frames;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const throughMpeg4 = async (clip: readonly Uint8Array[]) =>
  recodeClip(clip, { width: WIDTH, height: HEIGHT });

describe.each([
  ['MPEG-4', throughMpeg4],
  ['H.264', throughH264],
])('motion of a moved texture in %s', (_codec, code) => {
  it.each(MOTIONS)('is (%i, %i), explains the frame, and warps features', async (dx, dy) => {
    const [first, second, third] = await code([0, 1, 2].map((t) => windowAt(t * dx, t * dy)));
    expect([first.pictureType, second.pictureType, third.pictureType]).toEqual(['I', 'P', 'P']);
    for (const [current, previous] of [
      [second, first],
      [third, second],
    ]) {
      const field = denseMotion(current.motion, WIDTH, HEIGHT, 8);
      const { rows, columns } = field;
      expect(interior(field.coverage, rows, columns, 2).every((share) => share === 1)).toBe(true);
      const right = interior(
        field.dx.map((v, i) => Number(v === dx && field.dy[i] === dy)),
        rows,
        columns,
        2,
      );
      expect(meanOf(right)).toBeGreaterThan(0.9);

      const residual = residualMap(current.pixels, previous.pixels, current.motion, WIDTH, HEIGHT, 8);
      const still = macroblocks(WIDTH, HEIGHT, () => [0, 0]);
      const unmoved = residualMap(current.pixels, previous.pixels, still, WIDTH, HEIGHT, 8);
      const left = meanOf(interior(residual.data, rows, columns, 2));
      expect(left).toBeLessThan(4);
      expect(left).toBeLessThan(0.3 * meanOf(interior(unmoved.data, rows, columns, 2)));

      // Warping alone takes the last frame's cell means to this one's.
      const before = cellMeans(previous.pixels, 8);
      const now = cellMeans(current.pixels, 8);
      const error = (from: Float32Array) =>
        meanOf(
          interior(
            from.map((v, i) => Math.abs(v - now[i])),
            rows,
            columns,
            2,
          ),
        );
      expect(error(warpFeatures(before, 3, field))).toBeLessThan(0.6 * error(before));
    }
  });

  it('leaves the whole content as residual where the picture is new', async () => {
    // The right half is replaced by content that was nowhere before, which the encoder codes intra.
    const random = randomFrom(2);
    const other = windowAt(0, 0).map((v, i) => (i % WIDTH >= WIDTH / 2 ? random() * 255 : v));
    const [first, second] = await code([windowAt(0, 0), other]);
    const field = denseMotion(second.motion, WIDTH, HEIGHT, 16);
    const residual = residualMap(second.pixels, first.pixels, second.motion, WIDTH, HEIGHT, 16);
    const content = cellMeans(second.pixels, 16);
    const cells = field.rows * field.columns;
    const holes = [...field.coverage.keys()].filter((i) => field.coverage[i] === 0);
    expect(holes.length).toBeGreaterThan(cells / 4);
    for (const i of holes) {
      expect(i % field.columns).toBeGreaterThanOrEqual(field.columns / 2);
      for (const plane of [0, cells, 2 * cells]) expect(residual.data[plane + i]).toBe(content[plane + i]);
    }
  });
});
