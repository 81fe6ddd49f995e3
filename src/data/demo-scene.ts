/**
 * A street scene that the project renders itself: exact labels for every pixel, textures fixed to surfaces,
 * things that move on their own and a camera that drives. For the demo and for tests.
 */
import { HALF_WIDTH, LOOKS, type Paint } from './scene/figures.js';
import { type Figure, makeStreet, type Street } from './scene/street.js';
import { type Hit, type Shadow, Surfaces, type View } from './scene/surfaces.js';
import { Noise } from './scene/texture.js';

export interface DemoSceneOptions {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly seed: number;
  /** Frames a second; default 15, as the labelled CamVid clip. */
  readonly frameRate?: number;
}

/** One rendered frame. */
export interface SceneFrame {
  /** Planar 8-bit RGB, `3 × height × width`. */
  readonly pixels: Uint8Array;
  /** CamVid's class ids, `height × width`. */
  readonly labels: Uint8Array;
}

const CAMERA_HEIGHT = 1.35;
const CAMERA_X = -1.8;
/** Metres a second. */
const CAMERA_SPEED = 6;
const HAZE: readonly [number, number, number] = [206, 210, 214];
const HAZE_DISTANCE = 170;
const GRAIN_SIZE = 1 << 16;

/** Renders frame after frame; nothing is kept between them. */
export function* renderDemoScene(options: DemoSceneOptions): Generator<SceneFrame> {
  const { frames, seed, frameRate = 15 } = options;
  const renderer = new SceneRenderer(options, makeStreet(seed), new Noise(seed));
  for (let t = 0; t < frames; t++) yield renderer.frame(t / frameRate, t);
}

class SceneRenderer {
  private readonly surfaces: Surfaces;
  private readonly depth: Float32Array;
  private readonly focal: number;
  private readonly hit: Hit = { label: 0, depth: 0, r: 0, g: 0, b: 0 };
  private readonly paint: Paint = { label: 0, r: 0, g: 0, b: 0 };
  private readonly grain: Int8Array;

  constructor(
    private readonly options: DemoSceneOptions,
    private readonly street: Street,
    private readonly noise: Noise,
  ) {
    this.surfaces = new Surfaces(street, noise);
    this.depth = new Float32Array(options.width * options.height);
    this.focal = options.width * 0.95;
    this.grain = Int8Array.from({ length: GRAIN_SIZE }, (_, i) => 3 * noise.at(i * 1.37, i * 0.011));
  }

  frame(time: number, index: number): SceneFrame {
    const { width, height } = this.options;
    const output = { pixels: new Uint8Array(3 * width * height), labels: new Uint8Array(width * height) };
    const view: View = {
      x: CAMERA_X + 0.05 * Math.sin(1.3 * time),
      height: CAMERA_HEIGHT + 0.015 * Math.sin(9 * time),
      z: CAMERA_SPEED * time,
      time,
      pixel: 1 / this.focal,
    };
    const horizon = height * 0.46 + 0.004 * height * Math.sin(7 * time);
    const centre = width / 2 + 0.01 * width * Math.sin(0.9 * time);
    const placed = this.placed(view, time);
    this.drawSurfaces(
      view,
      centre,
      horizon,
      placed.map(shadowOf).filter((shadow) => shadow !== undefined),
      output,
      index,
    );
    for (const figure of placed) this.drawFigure(figure, view, centre, horizon, output, index);
    return output;
  }

  /** Figures where they are at a time, the far ones first. */
  private placed(view: View, time: number): Figure[] {
    return this.street.figures
      .map((figure) => ({
        ...figure,
        x: figure.x + figure.speedX * time,
        z: figure.z + figure.speedZ * time,
      }))
      .filter(({ z }) => z > view.z + 1.5 && z < view.z + 160)
      .sort((a, b) => b.z - a.z);
  }

  private drawSurfaces(
    view: View,
    centre: number,
    horizon: number,
    shadows: readonly Shadow[],
    output: SceneFrame,
    index: number,
  ): void {
    const { width, height } = this.options;
    for (let row = 0, i = 0; row < height; row++) {
      const down = (row + 0.5 - horizon) / this.focal;
      for (let column = 0; column < width; column++, i++) {
        this.surfaces.trace(view, (column + 0.5 - centre) / this.focal, down, shadows, this.hit);
        const { depth, label, r, g, b } = this.hit;
        this.depth[i] = depth;
        this.write(output, i, index, label, depth, r, g, b);
      }
    }
  }

  private drawFigure(
    figure: Figure,
    view: View,
    centre: number,
    horizon: number,
    output: SceneFrame,
    index: number,
  ): void {
    const { width, height } = this.options;
    const depth = figure.z - view.z;
    const scale = this.focal / depth;
    const middle = centre + (figure.x - view.x) * scale;
    const ground = horizon + view.height * scale;
    const halfWidth = HALF_WIDTH[figure.kind] * scale;
    const left = Math.max(0, Math.floor(middle - halfWidth));
    const right = Math.min(width - 1, Math.ceil(middle + halfWidth));
    const top = Math.max(0, Math.floor(ground - figure.height * 1.1 * scale));
    const bottom = Math.min(height - 1, Math.ceil(ground));
    const look = LOOKS[figure.kind];
    for (let row = top; row <= bottom; row++) {
      const up = (ground - row - 0.5) / scale;
      if (up < 0) continue;
      for (let column = left, i = row * width + left; column <= right; column++, i++) {
        if (depth > this.depth[i]) continue;
        if (!look(figure, (column + 0.5 - middle) / scale, up, view.time, this.noise, this.paint)) continue;
        const { label, r, g, b } = this.paint;
        this.depth[i] = depth;
        this.write(output, i, index, label, depth, r, g, b);
      }
    }
  }

  /** Haze with depth, then a little film grain. */
  private write(
    output: SceneFrame,
    i: number,
    index: number,
    label: number,
    depth: number,
    r: number,
    g: number,
    b: number,
  ): void {
    const area = output.labels.length;
    const haze = depth < 1e6 ? 1 - Math.exp(-depth / HAZE_DISTANCE) : 0;
    const grain = this.grain[(i + index * 7919) & (GRAIN_SIZE - 1)];
    output.labels[i] = label;
    output.pixels[i] = clamp(r + (HAZE[0] - r) * haze + grain);
    output.pixels[area + i] = clamp(g + (HAZE[1] - g) * haze + grain);
    output.pixels[2 * area + i] = clamp(b + (HAZE[2] - b) * haze + grain);
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function shadowOf({ kind, x, z }: Figure): Shadow | undefined {
  if (kind === 'car') return { x, z: z + 0.8, halfWidth: 1.15, halfLength: 2.4 };
  if (kind === 'pedestrian' || kind === 'bicyclist') return { x, z, halfWidth: 0.4, halfLength: 0.5 };
  return undefined;
}
