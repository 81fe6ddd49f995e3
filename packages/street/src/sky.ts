/** The sky's colour in any direction. */
import { noise } from './texture.js';
import type { Weather } from './weather.js';

export class Sky {
  private readonly tile = noise();

  constructor(
    private readonly weather: Weather,
    private readonly seed: number,
  ) {}

  /** Writes R, G, B (0..255) for the world direction (x, y, z), of any length, at `time` seconds. */
  colour(x: number, y: number, z: number, time: number, out: Float32Array, at: number): void {
    const { zenith, horizon, clouds, cloudColour } = this.weather;
    const up = Math.max(0, y / Math.sqrt(x * x + y * y + z * z));
    const t = Math.sqrt(up);
    const height = 1 / (up + 0.12);
    const span = Math.sqrt(x * x + z * z) || 1;
    const u = (x / span) * height * 15 + time * 0.3 + this.seed;
    const v = (z / span) * height * 15 + this.seed * 3;
    const value = 0.5 + 0.9 * this.at(u, v);
    let cover = (value - (1 - clouds)) * 2.4;
    cover = (cover < 0 ? 0 : cover > 1 ? 1 : cover) * Math.min(1, 0.25 + up * 4);
    const bright = 1 - 0.14 * cover * Math.max(0, value - 0.5);
    for (let c = 0; c < 3; c++) {
      const clear = horizon[c] + (zenith[c] - horizon[c]) * t;
      out[at + c] = (clear + (cloudColour[c] - clear) * cover) * bright;
    }
  }

  private at(x: number, y: number): number {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const { tile } = this;
    const left = x0 & 255;
    const right = (x0 + 1) & 255;
    const top = (y0 & 255) << 8;
    const bottom = ((y0 + 1) & 255) << 8;
    const upper = tile[top | left] + (tile[top | right] - tile[top | left]) * fx;
    const lower = tile[bottom | left] + (tile[bottom | right] - tile[bottom | left]) * fx;
    return upper + (lower - upper) * fy;
  }
}
