/**
 * A street that the project renders itself, seen from a car that drives, turns and shakes, or from a camera over the road: pictures with exact
 * labels of CamVid's 11 classes and exact motion. The same seed gives the same street, weather and drive at any
 * size; memory does not grow with time.
 */

import { seededRandom } from '@twnet/core/random';
import { type Act, actsOf } from './acts.js';
import { type BuiltBlock, buildBlock } from './block.js';
import { drawFrom } from './choice.js';
import { type CameraState, Drive } from './drive.js';
import { Film } from './film.js';
import { type Foot, groundShade } from './ground-shade.js';
import { type Looks, makeLooks } from './looks.js';
import type { Mesh } from './mesh.js';
import type { Lens } from './plane.js';
import { Pool } from './pool.js';
import { type Pose, placed, times } from './pose.js';
import { type Direction, Raster } from './raster.js';
import { drawProfile } from './route.js';
import { type ShadedFrame, Shader, surfaceKeys, type Visibility } from './shade.js';
import { ShadowMap } from './shadow-map.js';
import type { TownContext } from './site.js';
import { Sky } from './sky.js';
import { WayTraffic } from './way-traffic.js';
import { drawWeather, type Weather } from './weather.js';

export interface StreetSceneOptions {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Frames a second; default 15, as the labelled CamVid clip. */
  readonly frameRate?: number;
  /** Seen by a camera over the road instead, which stays where it is. */
  readonly fixed?: boolean;
}

/** One rendered frame; its arrays belong to whoever receives it. */
export interface StreetFrame {
  /** 0-based. */
  readonly index: number;
  /** Planar 8-bit RGB, `3 × height × width`. */
  readonly pixels: Uint8Array;
  /** CamVid's class id of the surface at each pixel's middle, `height × width`. */
  readonly labels: Uint8Array;
  /**
   * Exact Mv of Eq. 2, I_t[p] = I_{t−1}[p − Mv], in pixels, `height × width` each: where the surface point at a
   * pixel's middle was in the frame before is (x − dx, y − dy). For the first frame, what would have been.
   */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  /** 1 where the pixel nearest to that place showed another surface or lay outside the frame, else 0. */
  readonly occluded: Uint8Array;
}

/** Metres ahead and behind that things are drawn. */
const FAR = 230;
const BEHIND = 12;
/** Seconds that the street has lived before the first frame, so that the frame before it exists. */
const START = 1;

export class StreetScene {
  readonly weather: Weather;
  private readonly lens: Lens;
  private readonly looks: Looks;
  private readonly raster: Raster;
  private readonly shader: Shader;
  private readonly film: Film;
  private readonly sky: Sky;
  private readonly shadows?: ShadowMap;
  private readonly colour: Float32Array;
  private previous: Visibility;
  private current: Visibility;
  private town!: TownContext;
  private drive!: Drive;
  private built: BuiltBlock[] = [];
  private traffic!: WayTraffic;
  private bodies = 0;
  /** Frame whose visibility `previous` holds. */
  private last = Number.NaN;

  constructor(private readonly options: StreetSceneOptions) {
    const { seed, width, height } = options;
    if (!(width >= 1 && height >= 1))
      throw new RangeError(`a scene of ${width}×${height} pixels cannot be rendered`);
    const draw = drawFrom(seed, 61);
    this.weather = drawWeather(seededRandom(seed, 62));
    const focal = Math.max(width, height * 1.2) * draw.between(0.8, 1.1);
    this.lens = {
      width,
      height,
      focal,
      centreX: width / 2 - 0.5,
      centreY: height * draw.between(0.45, 0.58) - 0.5,
    };
    this.looks = makeLooks(seed, this.weather);
    this.raster = new Raster(this.lens);
    this.shader = new Shader(this.lens);
    this.film = new Film(this.lens, this.weather, seed);
    this.sky = new Sky(this.weather, Math.floor(draw() * 1000));
    if (this.weather.sunlight[0] > 0.15) this.shadows = new ShadowMap(this.weather.sun);
    const area = width * height;
    this.colour = new Float32Array(3 * area);
    const visibility = (): Visibility => ({
      keys: new Int32Array(area),
      inverseDepth: new Float32Array(area),
    });
    this.previous = visibility();
    this.current = visibility();
    this.restart();
  }

  /** Frame number `index`, from 0. One after another is fastest; going back starts the drive anew. */
  frame(index: number): StreetFrame {
    const { frameRate = 15, width, height } = this.options;
    const [timeBefore, time] = [index - 1, index].map((number) => START + number / frameRate);
    if (index <= this.last) this.restart();
    const cameraBefore = this.cameraAt(timeBefore);
    if (this.last !== index - 1) {
      this.prepare();
      this.raster.clear();
      const acts = actsOf(this.built, this.traffic, cameraBefore, cameraBefore, timeBefore, timeBefore);
      this.drawAll(cameraBefore, cameraBefore, acts);
      this.keep(this.previous);
    }
    const camera = this.cameraAt(time);
    this.prepare();
    this.raster.clear();
    const acts = actsOf(this.built, this.traffic, camera, cameraBefore, time, timeBefore);
    this.drawAll(camera, cameraBefore, acts);
    const shadows = this.castShadows(camera, acts);
    const area = width * height;
    const shaded: ShadedFrame = {
      colour: this.colour,
      labels: new Uint8Array(area),
      dx: new Float32Array(area),
      dy: new Float32Array(area),
      occluded: new Uint8Array(area),
    };
    this.shader.shade(
      {
        raster: this.raster,
        view: camera.pose,
        before: cameraBefore.pose,
        weather: this.weather,
        sky: this.sky,
        shadows,
        time,
        previous: this.previous,
      },
      this.current.keys,
      shaded,
    );
    groundShade(this.lens, camera, this.raster, shaded, this.feet(camera, acts), this.weather);
    this.current.inverseDepth.set(this.raster.inverseDepth);
    [this.previous, this.current] = [this.current, this.previous];
    this.last = index;
    const { labels, dx, dy, occluded } = shaded;
    return { index, pixels: this.film.develop(this.colour, dx, dy, index), labels, dx, dy, occluded };
  }

  /** Frames 0 to `count` − 1; endless by default. */
  *frames(count = Number.POSITIVE_INFINITY): Generator<StreetFrame> {
    for (let index = 0; index < count; index++) yield this.frame(index);
  }

  /** Blocks held at the moment; for tests of bounded memory. */
  get blocksHeld(): number {
    return this.built.length;
  }

  private restart(): void {
    const { seed } = this.options;
    const profile = drawProfile(seed);
    this.bodies = 0;
    this.town = {
      seed,
      profile,
      looks: this.looks,
      pool: new Pool(seed, this.looks),
      nextBody: () => ++this.bodies,
    };
    this.drive = new Drive(seed, profile);
    this.built = [];
    this.last = Number.NaN;
    this.traffic = new WayTraffic(this.town, this.drive);
  }

  private cameraAt(time: number): CameraState {
    return this.options.fixed ? this.drive.mounted(START) : this.drive.at(time);
  }

  /** Builds the blocks that have come into sight and forgets those that have gone. */
  private prepare(): void {
    const wanted = this.drive.blocks();
    const kept = this.built.filter(({ block }) => wanted.some((other) => other.block === block));
    for (const { block, start } of wanted) {
      if (!kept.some((other) => other.block === block))
        kept.push(buildBlock(block, this.drive.arrival(start), this.town));
    }
    this.built = kept;
  }

  private drawAll(camera: CameraState, before: CameraState, acts: readonly Act[]): void {
    for (const { stills } of this.built) {
      for (const { mesh, place, height, body } of stills) {
        const [x, z] = centreOf(mesh, place);
        if (!this.sees(camera, x, z, mesh.radius)) continue;
        const model = placed(place.x, height, place.z, place.heading);
        this.drawMesh(mesh, model, model, camera, before, body);
      }
    }
    for (const { actor, now, earlier } of acts) {
      if (!this.sees(camera, now.x, now.z, 6)) continue;
      for (const [n, mesh] of actor.parts.entries())
        this.drawMesh(mesh, now.parts[n], earlier.parts[n], camera, before, actor.body);
    }
  }

  private readonly view = new Float64Array(12);
  private readonly viewBefore = new Float64Array(12);

  private drawMesh(
    mesh: Mesh,
    model: Pose,
    modelBefore: Pose,
    camera: CameraState,
    before: CameraState,
    body: number,
  ): void {
    times(camera.pose, model, this.view);
    times(before.pose, modelBefore, this.viewBefore);
    // Directions in the mesh's axes: the transpose of its rotation.
    const scale = 1 / Math.hypot(model[0], model[4], model[8]);
    const inModel = ([x, y, z]: Direction): Direction => [
      (model[0] * x + model[4] * y + model[8] * z) * scale,
      (model[1] * x + model[5] * y + model[9] * z) * scale,
      (model[2] * x + model[6] * y + model[10] * z) * scale,
    ];
    this.raster.draw(mesh, this.view, this.viewBefore, inModel(this.weather.sun), inModel([0, 1, 0]), body);
  }

  /** Whether a circle on the ground is in front of the camera, near enough and within the picture's sides. */
  private sees(camera: CameraState, x: number, z: number, radius: number): boolean {
    const [dx, dz] = [x - camera.x, z - camera.z];
    const [s, c] = [Math.sin(camera.heading), Math.cos(camera.heading)];
    const ahead = dx * s + dz * c;
    if (ahead < -radius - BEHIND || ahead > FAR + radius) return false;
    const half = (0.6 * this.lens.width) / this.lens.focal;
    return Math.abs(dx * c - dz * s) < Math.max(0, ahead) * half + radius * Math.hypot(1, half) + 2;
  }

  private castShadows(camera: CameraState, acts: readonly Act[]): ShadowMap | undefined {
    const { shadows } = this;
    if (!shadows) return undefined;
    const [s, c] = [Math.sin(camera.heading), Math.cos(camera.heading)];
    shadows.clear(camera.x + 26 * s, 0, camera.z + 26 * c);
    for (const { stills } of this.built) {
      for (const { mesh, place, height } of stills) {
        const [x, z] = centreOf(mesh, place);
        if (mesh.castsShadow && shadows.reaches(x, mesh.centre[1], z, mesh.radius))
          shadows.draw(mesh, placed(place.x, height, place.z, place.heading));
      }
    }
    for (const { actor, now } of acts) {
      if (!shadows.reaches(now.x, 1, now.z, 4)) continue;
      for (const [n, mesh] of actor.parts.entries()) shadows.draw(mesh, now.parts[n]);
    }
    return shadows;
  }

  /** What stands on the ground near by, for the shade under it. */
  private feet(camera: CameraState, acts: readonly Act[]): Foot[] {
    const near = (x: number, z: number): boolean => Math.hypot(x - camera.x, z - camera.z) < 60;
    const list = acts
      .filter(({ now }) => near(now.x, now.z))
      .map(({ actor, now }): Foot => ({ pose: now.ground, foot: actor.foot }));
    for (const { stills } of this.built) {
      for (const { place, height, foot } of stills) {
        if (foot && near(place.x, place.z))
          list.push({ pose: placed(place.x, height, place.z, place.heading), foot });
      }
    }
    return list;
  }

  private keep(visibility: Visibility): void {
    surfaceKeys(this.raster, visibility.keys);
    visibility.inverseDepth.set(this.raster.inverseDepth);
  }
}

function centreOf(
  { centre: [x, , z] }: Mesh,
  place: { x: number; z: number; heading: number },
): [number, number] {
  const [s, c] = [Math.sin(place.heading), Math.cos(place.heading)];
  return [place.x + c * x + s * z, place.z - s * x + c * z];
}
