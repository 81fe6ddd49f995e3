/** A canvas that textures are painted on before their mipmaps are made. */
import { makeTexture, noise, noiseAt, type Texture } from './texture.js';

export type Colour = readonly [r: number, g: number, b: number];

export class Painting {
  readonly width: number;
  readonly height: number;
  private readonly data: Uint8Array;

  constructor(
    private readonly logWidth: number,
    private readonly logHeight: number,
    [r, g, b]: Colour,
    alpha = 255,
  ) {
    this.width = 1 << logWidth;
    this.height = 1 << logHeight;
    this.data = new Uint8Array(4 * this.width * this.height);
    for (let i = 0; i < this.data.length; i += 4) {
      this.data[i] = r;
      this.data[i + 1] = g;
      this.data[i + 2] = b;
      this.data[i + 3] = alpha;
    }
  }

  /** Fills a rectangle given in shares of the canvas (0..1, y downwards). */
  rect(x0: number, y0: number, x1: number, y1: number, colour: Colour): this {
    const left = Math.max(0, Math.round(x0 * this.width));
    const right = Math.min(this.width, Math.round(x1 * this.width));
    const bottom = Math.min(this.height, Math.round(y1 * this.height));
    for (let y = Math.max(0, Math.round(y0 * this.height)); y < bottom; y++) {
      for (let x = left; x < right; x++) this.put(x, y, colour);
    }
    return this;
  }

  /** Paints where `inside` says so, in shares of the canvas. */
  shape(inside: (x: number, y: number) => boolean, colour: Colour): this {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        if (inside((x + 0.5) / this.width, (y + 0.5) / this.height)) this.put(x, y, colour);
      }
    }
    return this;
  }

  /** Makes a rectangle darker or lighter, from one edge's factor to the other's. */
  shade(x0: number, y0: number, x1: number, y1: number, top: number, bottom = top): this {
    const first = Math.max(0, Math.round(y0 * this.height));
    const last = Math.min(this.height, Math.round(y1 * this.height));
    const right = Math.min(this.width, Math.round(x1 * this.width));
    for (let y = first; y < last; y++) {
      const factor = top + ((bottom - top) * (y - first)) / Math.max(1, last - first - 1);
      for (let x = Math.max(0, Math.round(x0 * this.width)); x < right; x++) this.scale(x, y, factor);
    }
    return this;
  }

  /** Noise over everything: `strength` is the share by which it changes, `scale` texels of noise a texel. */
  weather(strength: number, scale = 1, shift = 0): this {
    const { data, width, height } = this;
    const tile = noise();
    const [left, top] = [shift * 37, shift * 91];
    for (let y = 0, i = 0; y < height; y++) {
      const row = ((Math.floor(y * scale) + top) & 255) << 8;
      for (let x = 0; x < width; x++, i += 4) {
        const factor = 1 + strength * tile[row | ((((x * scale) | 0) + left) & 255)];
        for (let c = i; c < i + 3; c++) {
          const value = data[c] * factor;
          data[c] = value > 255 ? 255 : value;
        }
      }
    }
    return this;
  }

  /** Courses of bricks or slabs: `rows` × `columns` with joints of another shade. */
  courses(rows: number, columns: number, joint: number, spread: number, shift = 0, offset = 0.5): this {
    const { width, height } = this;
    for (let y = 0; y < height; y++) {
      const row = Math.floor((y * rows) / height);
      const inRow = (y * rows) / height - row;
      const seam = inRow < Math.max(0.12, rows / height);
      for (let x = 0; x < width; x++) {
        const along = (x * columns) / width + (row % 2) * offset;
        const column = Math.floor(along) % columns;
        const upright = along - Math.floor(along) < Math.max(0.06, columns / width);
        const own = noiseAt(column * 29 + shift * 13, row * 31 + shift * 7);
        this.scale(x, y, seam || upright ? joint : 1 + spread * own);
      }
    }
    return this;
  }

  put(x: number, y: number, colour: Colour, alpha = 255): void {
    const i = 4 * (y * this.width + x);
    this.data[i] = colour[0];
    this.data[i + 1] = colour[1];
    this.data[i + 2] = colour[2];
    this.data[i + 3] = alpha;
  }

  scale(x: number, y: number, factor: number): void {
    const { data } = this;
    const i = 4 * (y * this.width + x);
    for (let c = i; c < i + 3; c++) {
      const value = data[c] * factor;
      data[c] = value > 255 ? 255 : value;
    }
  }

  texture(cutout = false): Texture {
    return makeTexture(this.data, this.logWidth, this.logHeight, cutout);
  }
}
