/**
 * How a driving camera moves over a still. The street is taken for a tunnel around its vanishing point, where
 * what lies further out is nearer: driving on by `advance` moves a point at distance ρ to ρ / (1 − advance · ρ),
 * slowly near the vanishing point and fast at the edges. Pan and shake shift the whole picture.
 */
import type { Random } from '@twnet/core/random';

/** The camera of one frame. */
export interface CameraPose {
  /** How far the camera has driven, in tunnel units; 0 at the still itself. */
  readonly advance: number;
  /** Shift of the picture, pixels of the still. */
  readonly panX: number;
  readonly panY: number;
  /** Turn about the optical axis, radians. */
  readonly roll: number;
  /** Brightness factor. */
  readonly gain: number;
}

export interface CameraPath {
  readonly vanishingX: number;
  readonly vanishingY: number;
  /** Window of the still that a frame shows at rest: its centre and its pixels of the still a pixel. */
  readonly windowX: number;
  readonly windowY: number;
  readonly step: number;
  readonly flip: boolean;
  readonly poses: readonly CameraPose[];
}

/** Ranges that resemble a car in town at 15 frames a second and 480 pixels' width. */
const FASTEST_ADVANCE = 0.035;
const FASTEST_PAN = 6;
const SHAKE = 1.2;
const LARGEST_ZOOM = 1.5;
const SMALLEST_ZOOM = 1.05;

/** Draws a path of `length` frames over a still of `width × height`. */
export function drawCameraPath(width: number, height: number, length: number, random: Random): CameraPath {
  const step = 1 / (SMALLEST_ZOOM * (LARGEST_ZOOM / SMALLEST_ZOOM) ** random());
  const centre = (extent: number): number => extent / 2 + (random() - 0.5) * extent * (1 - step);
  const standing = random() < 0.15;
  const advance = standing ? 0 : FASTEST_ADVANCE * random() ** 1.3;
  const turning = random() < 0.4;
  const panX = turning ? (2 * random() - 1) * FASTEST_PAN : (2 * random() - 1) * 0.8;
  const wobble = standing ? 0.3 : SHAKE * random();
  const [phaseX, phaseY, phaseRoll, phaseLight] = [random(), random(), random(), random()].map(
    (u) => 2 * Math.PI * u,
  );
  const still = random() * (length - 1);
  const poses = Array.from({ length }, (_, t) => ({
    advance: (t - still) * advance,
    panX: (t - still) * panX + wobble * Math.sin(1.1 * t + phaseX),
    panY: wobble * 1.3 * Math.sin(1.7 * t + phaseY),
    roll: 0.003 * wobble * Math.sin(0.7 * t + phaseRoll),
    gain: 1 + 0.02 * Math.sin(0.2 * t + phaseLight),
  }));
  return {
    vanishingX: width * (0.5 + 0.16 * (random() - 0.5)),
    vanishingY: height * (0.45 + 0.1 * (random() - 0.5)),
    windowX: centre(width),
    windowY: centre(height),
    step,
    flip: random() < 0.5,
    poses,
  };
}

/** For every pixel of a frame, the place in the still it shows: writes `x` and `y`, each `height × width`. */
export function projectFrame(
  path: CameraPath,
  pose: CameraPose,
  width: number,
  height: number,
  x: Float32Array,
  y: Float32Array,
): void {
  const { vanishingX, vanishingY, windowX, windowY, step, flip } = path;
  const cos = Math.cos(pose.roll) * step;
  const sin = Math.sin(pose.roll) * step;
  const unit = 2 / width;
  for (let row = 0, i = 0; row < height; row++) {
    const v = row + 0.5 - height / 2;
    for (let column = 0; column < width; column++, i++) {
      const u = flip ? width / 2 - column - 0.5 : column + 0.5 - width / 2;
      const px = windowX + cos * u - sin * v + pose.panX - vanishingX;
      const py = windowY + sin * u + cos * v + pose.panY - vanishingY;
      const near = 1 + pose.advance * Math.sqrt(px * px + py * py) * unit;
      const shrink = near > 0.2 ? 1 / near : 5;
      x[i] = vanishingX + px * shrink - 0.5;
      y[i] = vanishingY + py * shrink - 0.5;
    }
  }
}
