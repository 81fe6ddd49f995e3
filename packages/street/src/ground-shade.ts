/** Soft shade on the ground under what stands there, also without sun. */
import type { CameraState } from './drive.js';
import { PAVEMENT, ROAD } from './ids.js';
import type { Lens } from './plane.js';
import { type Pose, times } from './pose.js';
import type { Raster } from './raster.js';
import type { ShadedFrame } from './shade.js';
import type { Weather } from './weather.js';

/** Something on the ground: its place, half its length and width in metres. */
export interface Foot {
  readonly pose: Pose;
  readonly foot: readonly [length: number, width: number];
}

export function groundShade(
  { width, height, focal, centreX, centreY }: Lens,
  camera: CameraState,
  raster: Raster,
  { colour, labels }: ShadedFrame,
  feet: readonly Foot[],
  weather: Weather,
): void {
  const strength = weather.sunlight[0] > 0.3 ? 0.35 : 0.6;
  for (const { pose, foot } of feet) {
    const [long, wide] = [foot[0] * 1.12 + 0.12, foot[1] * 1.15 + 0.12];
    const view = times(camera.pose, pose);
    let [left, right, top, bottom] = [width, -1, height, -1];
    let near = Number.POSITIVE_INFINITY;
    for (const [x, z] of [
      [-wide, -long],
      [wide, -long],
      [wide, long],
      [-wide, long],
    ]) {
      const depth = view[8] * x + view[10] * z + view[11];
      near = Math.min(near, depth);
      const column = centreX + (focal * (view[0] * x + view[2] * z + view[3])) / depth;
      const row = centreY - (focal * (view[4] * x + view[6] * z + view[7])) / depth;
      left = Math.min(left, Math.floor(column));
      right = Math.max(right, Math.ceil(column));
      top = Math.min(top, Math.floor(row));
      bottom = Math.max(bottom, Math.ceil(row));
    }
    if (near < 0.5) continue;
    for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
      for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
        const i = y * width + x;
        if (labels[i] !== ROAD && labels[i] !== PAVEMENT) continue;
        const depth = 1 / raster.inverseDepth[i];
        const px = ((x - centreX) / focal) * depth - view[3];
        const py = ((centreY - y) / focal) * depth - view[7];
        const pz = depth - view[11];
        const across = (view[0] * px + view[4] * py + view[8] * pz) / wide;
        const along = (view[2] * px + view[6] * py + view[10] * pz) / long;
        const inside = 1 - Math.max(across * across, along * along);
        if (inside <= 0) continue;
        const factor = 1 - strength * Math.min(1, 2.2 * inside);
        colour[3 * i] *= factor;
        colour[3 * i + 1] *= factor;
        colour[3 * i + 2] *= factor;
      }
    }
  }
}
