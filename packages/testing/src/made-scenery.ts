/** Pictures of known motion for block matching: whole and half pixels, edges, texture, calm areas and noise. */
import { randomFrom } from './made-motion.js';

/** Content beyond a picture's borders, from where it may come in, pixels. */
const AROUND = 64;

/** One plane of 8-bit values. */
export class Grey {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly values = new Uint8Array(width * height),
  ) {}

  /** Values beyond the border are the border's. */
  at(x: number, y: number): number {
    const [column, row] = [
      Math.min(Math.max(x, 0), this.width - 1),
      Math.min(Math.max(y, 0), this.height - 1),
    ];
    return this.values[row * this.width + column];
  }

  /** What a window of this plane shows; at half pixels, the mean of the two or four around, rounded up. */
  window(left: number, top: number, width: number, height: number): Grey {
    const out = new Grey(width, height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) out.values[y * width + x] = halfAt(this, left + x, top + y);
    return out;
  }

  /** Planar RGB of three equal planes. */
  rgb(): Uint8Array {
    const out = new Uint8Array(3 * this.values.length);
    for (let plane = 0; plane < 3; plane++) out.set(this.values, plane * this.values.length);
    return out;
  }
}

/** A value between pixels: the mean of the two or four around, rounded up. */
export function halfAt(grey: Grey, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.ceil(x), Math.ceil(y)];
  const upper = (grey.at(x0, y0) + grey.at(x1, y0) + 1) >> 1;
  const lower = (grey.at(x0, y1) + grey.at(x1, y1) + 1) >> 1;
  return (upper + lower + 1) >> 1;
}

/** Surfaces of many sizes one over the other, each with a grain of its own: edges, texture and calm areas. */
export function scenery(width: number, height: number, seed: number): Grey {
  const random = randomFrom(seed);
  const grey = new Grey(width, height, new Uint8Array(width * height).fill(128));
  for (let surface = 0; surface < (width * height) / 400; surface++) {
    const [w, h] = [4 + 60 * random() ** 2, 4 + 60 * random() ** 2].map(Math.floor);
    const [left, top] = [Math.floor(random() * width) - (w >> 1), Math.floor(random() * height) - (h >> 1)];
    const [tone, grain] = [30 + 190 * random(), 120 * random()];
    for (let y = Math.max(0, top); y < Math.min(height, top + h); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + w); x++)
        grey.values[y * width + x] = Math.min(255, Math.max(0, tone + grain * (random() - 0.5)));
  }
  return softened(softened(grey));
}

/** The mean of 3 × 3 around each value, as lenses have it. */
function softened(grey: Grey): Grey {
  const out = new Grey(grey.width, grey.height);
  for (let y = 0; y < grey.height; y++)
    for (let x = 0; x < grey.width; x++) {
      let sum = 0;
      for (let row = -1; row <= 1; row++)
        for (let column = -1; column <= 1; column++) sum += grey.at(x + column, y + row);
      out.values[y * grey.width + x] = Math.round(sum / 9);
    }
  return out;
}

/** Two pictures of one scenery; the second one's content lies (dx, dy) to the right of and below its place in the first. */
export function moved(width: number, height: number, dx: number, dy: number, seed = 7): [Grey, Grey] {
  const world = scenery(width + 2 * AROUND, height + 2 * AROUND, seed);
  const first = world.window(AROUND, AROUND, width, height);
  return [first, world.window(AROUND - dx, AROUND - dy, width, height)];
}

/** Every value off by up to `most`. */
export function noisy(grey: Grey, most: number, seed: number): Grey {
  const random = randomFrom(seed);
  const noise = () => Math.round((2 * random() - 1) * most);
  return new Grey(
    grey.width,
    grey.height,
    grey.values.map((value) => Math.min(255, Math.max(0, value + noise()))),
  );
}
