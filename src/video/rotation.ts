/** Display rotation: cameras store frames as the sensor saw them and say how to turn them. */
import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Frame, Stream } from 'node-av/lib';
import type { BlockMotion } from './frame.js';

/** Clockwise turn from the coded to the displayed picture, degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** The display matrix of the first frame or else the stream; other turns go to the nearest right angle. */
export function rotationOf(first: Frame, stream: Stream): Rotation {
  const matrix =
    first.getSideData(AV_FRAME_DATA_DISPLAYMATRIX) ??
    stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (!matrix || matrix.byteLength < 36) return 0;
  const a = matrix.readInt32LE(0);
  const b = matrix.readInt32LE(4);
  const clockwise = (Math.atan2(b, a) * 180) / Math.PI;
  const quarter = (Math.round(clockwise / 90) + 4) % 4;
  return ([0, 90, 180, 270] as const)[quarter];
}

/** Columns turned at a time. */
const STRIP = 32;

export const swapsSides = (rotation: Rotation): boolean => rotation === 90 || rotation === 270;

/** Turns planar RGB of coded size `width × height`. */
export function rotatePixels(
  pixels: Uint8Array,
  width: number,
  height: number,
  rotation: Rotation,
): Uint8Array {
  if (rotation === 0) return pixels;
  const area = width * height;
  const turned = new Uint8Array(pixels.length);
  for (let plane = 0; plane < 3; plane++) {
    const source = pixels.subarray(plane * area, (plane + 1) * area);
    const target = turned.subarray(plane * area, (plane + 1) * area);
    if (rotation === 180) {
      target.set(source);
      target.reverse();
    } else rotateQuarter(source, target, width, height, rotation === 90);
  }
  return turned;
}

function rotateQuarter(
  source: Uint8Array,
  target: Uint8Array,
  width: number,
  height: number,
  clockwise: boolean,
): void {
  // Strip by strip, so that the rows written to stay in the cache.
  for (let left = 0; left < width; left += STRIP) {
    const right = Math.min(width, left + STRIP);
    for (let y = 0; y < height; y++) {
      // Source row y becomes a column: the last one when turned clockwise.
      const column = clockwise ? height - 1 - y : y;
      for (let x = left; x < right; x++)
        target[(clockwise ? x : width - 1 - x) * height + column] = source[y * width + x];
    }
  }
}

/** Turns block places and vectors of a frame of coded size `width × height` along with its pixels. */
export function rotateMotion(
  motion: BlockMotion,
  width: number,
  height: number,
  rotation: Rotation,
): BlockMotion {
  if (rotation === 0 || motion.count === 0) return motion;
  const { count, direction } = motion;
  const [x, y, dx, dy] = [
    new Int16Array(count),
    new Int16Array(count),
    new Float32Array(count),
    new Float32Array(count),
  ];
  for (let i = 0; i < count; i++) {
    const right = width - motion.x[i] - motion.width[i];
    const below = height - motion.y[i] - motion.height[i];
    if (rotation === 180) [x[i], y[i], dx[i], dy[i]] = [right, below, -motion.dx[i], -motion.dy[i]];
    else if (rotation === 90) [x[i], y[i], dx[i], dy[i]] = [below, motion.x[i], -motion.dy[i], motion.dx[i]];
    else [x[i], y[i], dx[i], dy[i]] = [motion.y[i], right, motion.dy[i], -motion.dx[i]];
  }
  const turned = swapsSides(rotation);
  return {
    count,
    direction,
    x,
    y,
    width: turned ? motion.height : motion.width,
    height: turned ? motion.width : motion.height,
    dx,
    dy,
  };
}
