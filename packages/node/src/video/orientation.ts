/** Orientation of display: cameras store frames as the sensor saw them and say how to turn and mirror them. */

import type { BlockMotion } from '@twnet/core/frame';
import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Frame, Stream } from 'node-av/lib';
import type { FilterSpec } from './filter-chain.js';
import type { Size } from './scaling.js';

/** Clockwise turn from the coded to the displayed picture, degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** How a coded picture becomes the displayed one: mirrored left to right first, then turned. */
export interface Orientation {
  readonly mirrored: boolean;
  readonly rotation: Rotation;
}

/** An orientation, and whether the video asks for just that. */
export interface AskedOrientation extends Orientation {
  readonly exact: boolean;
}

const UPRIGHT: AskedOrientation = { mirrored: false, rotation: 0, exact: true };

/** Tangent of the angle that passes for none, a degree. */
const EXACT = Math.tan(Math.PI / 180);

export const frameMatrix = (frame: Frame): Buffer | null => frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);

export const streamMatrix = ({ codecpar }: Stream): Buffer | null =>
  codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);

/** What a display matrix asks for; between right angles it is the nearest of them. */
export function orientationOf(matrix: Buffer | null): AskedOrientation {
  if (!matrix || matrix.byteLength < 36) return UPRIGHT;
  // Displayed (x', y') = (a x + c y, b x + d y), ISO 14496-12, 16.16 fixed point.
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => matrix.readInt32LE(at));
  const [along, across] = [Math.abs(a) + Math.abs(d), Math.abs(b) + Math.abs(c)];
  const exact = Math.min(along, across) <= EXACT * Math.max(along, across);
  if (across > along) return { mirrored: c < 0 === b < 0, rotation: c < 0 ? 90 : 270, exact };
  return { mirrored: a < 0 !== d < 0, rotation: d < 0 ? 180 : 0, exact };
}

export const swapsSides = ({ rotation }: Orientation): boolean => rotation === 90 || rotation === 270;

export const isUpright = ({ mirrored, rotation }: Orientation): boolean => !mirrored && rotation === 0;

export const sameOrientation = (a: Orientation, b: Orientation): boolean =>
  a.mirrored === b.mirrored && a.rotation === b.rotation;

/** The size that a picture has when it is displayed. */
export function turnedSize({ width, height }: Size, orientation: Orientation): Size {
  return swapsSides(orientation) ? { width: height, height: width } : { width, height };
}

/** FFmpeg's filters that do it. */
export function filtersFor({ mirrored, rotation }: Orientation): readonly FilterSpec[] {
  if (rotation === 90) return [['transpose', mirrored ? 'clock_flip' : 'clock']];
  if (rotation === 270) return [['transpose', mirrored ? 'cclock_flip' : 'cclock']];
  const across: readonly FilterSpec[] = mirrored !== (rotation === 180) ? [['hflip', '']] : [];
  return rotation === 180 ? [...across, ['vflip', '']] : across;
}

/** Turns and mirrors block places and vectors of a frame of coded size `width × height` along with its pixels. */
export function orientMotion(
  motion: BlockMotion,
  { width, height }: Size,
  orientation: Orientation,
): BlockMotion {
  if (isUpright(orientation) || motion.count === 0) return motion;
  const { mirrored, rotation } = orientation;
  const { count, direction, scale } = motion;
  const [x, y, dx, dy] = [
    new Int16Array(count),
    new Int16Array(count),
    new Float32Array(count),
    new Float32Array(count),
  ];
  for (let i = 0; i < count; i++) {
    const fromLeft = motion.x[i];
    const fromRight = width - motion.x[i] - motion.width[i];
    const [left, right] = mirrored ? [fromRight, fromLeft] : [fromLeft, fromRight];
    const above = motion.y[i];
    const below = height - motion.y[i] - motion.height[i];
    const mx = mirrored ? -motion.dx[i] : motion.dx[i];
    const my = motion.dy[i];
    if (rotation === 0) [x[i], y[i], dx[i], dy[i]] = [left, above, mx, my];
    else if (rotation === 180) [x[i], y[i], dx[i], dy[i]] = [right, below, -mx, -my];
    else if (rotation === 90) [x[i], y[i], dx[i], dy[i]] = [below, left, -my, mx];
    else [x[i], y[i], dx[i], dy[i]] = [above, right, my, -mx];
  }
  const turned = swapsSides(orientation);
  return {
    count,
    direction,
    x,
    y,
    width: turned ? motion.height : motion.width,
    height: turned ? motion.width : motion.height,
    dx,
    dy,
    scale,
  };
}
