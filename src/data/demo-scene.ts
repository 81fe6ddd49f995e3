/**
 * A street scene that the project renders itself: exact labels for every pixel, textures fixed to surfaces,
 * things that move on their own and a camera that drives. For the demo and for tests.
 */
import { Camera } from './scene/camera.js';
import { Film } from './scene/film.js';
import { SHADOW_REACH } from './scene/ground.js';
import { drawFigure, shadowOf } from './scene/placed.js';
import { CAMERA_SPEED, makeStreet } from './scene/street.js';
import { Surfaces } from './scene/surfaces.js';
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

/** How much street there is beyond the camera's last place, metres. */
const SIGHT = 320;

/** Renders frame after frame; nothing is kept between them, and a longer scene begins with the shorter one. */
export function* renderDemoScene(options: DemoSceneOptions): Generator<SceneFrame> {
  const { width, height, frames, seed, frameRate = 15 } = options;
  const street = makeStreet(seed, Math.ceil((frames / frameRate) * CAMERA_SPEED) + SIGHT);
  const noise = new Noise(seed);
  const surfaces = new Surfaces(street, noise);
  const film = new Film(width, height, noise);
  for (let t = 0; t < frames; t++) {
    const camera = new Camera(width, height, t / frameRate);
    const figures = street.figures
      .map((figure) => camera.place(figure))
      .filter(({ z }) => z > camera.view.z - 3 && z < camera.view.z + 160);
    const shadows = figures.map(shadowOf).filter((shadow) => shadow !== undefined);
    film.clear();
    for (let row = 0; row < height; row++) {
      const down = camera.down(row);
      // A row of the ground lies at one depth.
      const ground = camera.view.z + camera.view.height / down;
      const near = shadows.filter(({ z }) => Math.abs(z - ground) < SHADOW_REACH);
      for (let column = 0; column < width; column++) {
        surfaces.trace(camera.view, camera.across(column), down, near, film.hit);
        film.expose(row * width + column);
      }
    }
    for (const figure of figures) drawFigure(figure, camera, noise, film);
    yield film.develop(t);
  }
}
