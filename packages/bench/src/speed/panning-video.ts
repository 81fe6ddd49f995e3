import { encodeVideo } from '@twnet/node/video/encode-video';

export interface PanningVideoOptions {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
}

/** Pixels by which the picture pans at most, each way. */
const MARGIN = 64;
/** Pixels between the random values that the texture is interpolated from. */
const GRAIN = 24;
/** Frames a second. */
export const PANNING_FRAME_RATE = 25;

/**
 * Writes a panning texture as the paper's stream: something to measure time and memory on, of any size and
 * length, the same on every machine.
 */
export async function writePanningVideo(output: string, options: PanningVideoOptions): Promise<void> {
  const { width, height, frames, gop = 12 } = options;
  const texture = makeTexture(width + MARGIN, height + MARGIN);
  const pixels = new Uint8Array(3 * width * height);
  await using writer = await encodeVideo({ output, width, height, frameRate: PANNING_FRAME_RATE, gop });
  for (let frame = 0; frame < frames; frame++) {
    cutOut(texture, width, height, swing(2 * frame), swing(frame), pixels);
    await writer.write(pixels);
  }
  await writer.finish();
}

/** To and fro between 0 and MARGIN. */
function swing(distance: number): number {
  const phase = distance % (2 * MARGIN);
  return phase <= MARGIN ? phase : 2 * MARGIN - phase;
}

/** Planar RGB of smooth random values, the same every time. */
function makeTexture(width: number, height: number): Uint8Array {
  const columns = Math.ceil(width / GRAIN) + 1;
  const rows = Math.ceil(height / GRAIN) + 1;
  const texture = new Uint8Array(3 * width * height);
  for (let plane = 0, out = 0; plane < 3; plane++) {
    const grid = Float32Array.from({ length: rows * columns }, (_, i) => {
      const hash = Math.imul(i + 1 + plane * 7919, 2654435761) >>> 0;
      return Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 24;
    });
    for (let y = 0; y < height; y++) {
      const row = Math.floor(y / GRAIN) * columns;
      const fy = (y % GRAIN) / GRAIN;
      for (let x = 0; x < width; x++) {
        const cell = row + Math.floor(x / GRAIN);
        const fx = (x % GRAIN) / GRAIN;
        const upper = grid[cell] + fx * (grid[cell + 1] - grid[cell]);
        const lower = grid[cell + columns] + fx * (grid[cell + columns + 1] - grid[cell + columns]);
        texture[out++] = upper + fy * (lower - upper);
      }
    }
  }
  return texture;
}

/** Copies the window at (left, top) of the texture. */
function cutOut(
  texture: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
  pixels: Uint8Array,
): void {
  const stride = width + MARGIN;
  for (let row = 0; row < 3 * height; row++) {
    const plane = Math.floor(row / height);
    const start = (plane * (height + MARGIN) + top + (row % height)) * stride + left;
    pixels.set(texture.subarray(start, start + width), row * width);
  }
}
