/** From rays to a frame: the nearest hit of every pixel, haze with depth, a lens's softness, film grain. */
import type { Hit } from './hit.js';
import type { Noise } from './texture.js';

const HAZE = { r: 206, g: 210, b: 214, distance: 190 };
const GRAIN_SIZE = 1 << 16;
/** Share of a pixel's light that each of its neighbours along a line gets. */
const SOFTNESS = 0.16;

export class Film {
  /** What the next `expose` takes. */
  readonly hit: Hit = { label: 0, depth: 0, r: 0, g: 0, b: 0 };
  private readonly depth: Float32Array;
  /** Three planes. */
  private readonly light: Float32Array;
  private readonly line: Float32Array;
  private readonly grain: Int8Array;
  private labels: Uint8Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
    noise: Noise,
  ) {
    const area = width * height;
    this.depth = new Float32Array(area);
    this.light = new Float32Array(3 * area);
    this.line = new Float32Array(width);
    this.labels = new Uint8Array(area);
    this.grain = Int8Array.from({ length: GRAIN_SIZE }, (_, i) => 3.4 * noise.at(i * 1.37, i * 0.011));
  }

  clear(): void {
    this.depth.fill(Number.POSITIVE_INFINITY);
    this.labels = new Uint8Array(this.depth.length);
  }

  /** Whether something at this depth would be seen. */
  sees(i: number, depth: number): boolean {
    return depth <= this.depth[i];
  }

  /** Puts `hit` into pixel `i` unless something nearer is there. */
  expose(i: number): void {
    const { label, depth, r, g, b } = this.hit;
    if (!this.sees(i, depth)) return;
    const area = this.depth.length;
    const haze = depth < 1e6 ? 1 - Math.exp(-depth / HAZE.distance) : 0;
    this.depth[i] = depth;
    this.labels[i] = label;
    this.light[i] = r + (HAZE.r - r) * haze;
    this.light[area + i] = g + (HAZE.g - g) * haze;
    this.light[2 * area + i] = b + (HAZE.b - b) * haze;
  }

  /** The frame: owned by the caller. */
  develop(index: number): { pixels: Uint8Array; labels: Uint8Array } {
    const { width, height, light, grain, labels } = this;
    const area = width * height;
    const pixels = new Uint8Array(3 * area);
    const [line, own] = [this.line, 1 - 2 * SOFTNESS];
    for (let row = 0; row < 3 * height; row++) {
      const start = row * width;
      const inPlane = row % height;
      const upper = inPlane > 0 ? start - width : start;
      const lower = inPlane < height - 1 ? start + width : start;
      for (let x = 0; x < width; x++)
        line[x] = own * light[start + x] + SOFTNESS * (light[upper + x] + light[lower + x]);
      const shift = inPlane * width + index * 7919;
      for (let x = 0; x < width; x++) {
        const value = own * line[x] + SOFTNESS * (line[x > 0 ? x - 1 : 0] + line[x < width - 1 ? x + 1 : x]);
        pixels[start + x] = byte(value + grain[(shift + x) & (GRAIN_SIZE - 1)]);
      }
    }
    return { pixels, labels };
  }
}

function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
}
