/** The camera behind the windscreen: drives on at an even speed, sways and nods a little. */
import type { View } from './hit.js';
import { CAMERA_SPEED, type Figure } from './street.js';

const HEIGHT = 1.35;
/** In the left lane, metres from the road's middle. */
const LANE = -1.8;
/** Share of the picture's height at which the horizon lies, as in CamVid. */
const HORIZON = 0.46;
/** Focal length, picture widths. */
const FOCAL = 0.95;

/** The camera at one moment; pixels to rays and back. */
export class Camera {
  readonly view: View;
  /** Pixels. */
  readonly focal: number;
  /** The vanishing point, pixels. */
  readonly horizon: number;
  readonly centre: number;

  constructor(
    readonly width: number,
    readonly height: number,
    time: number,
  ) {
    this.focal = width * FOCAL;
    this.view = {
      x: LANE + 0.05 * Math.sin(1.3 * time),
      height: HEIGHT + 0.015 * Math.sin(9 * time),
      z: CAMERA_SPEED * time,
      time,
      pixel: 1 / this.focal,
    };
    this.horizon = height * HORIZON + 0.004 * height * Math.sin(7 * time);
    this.centre = width / 2 + 0.01 * width * Math.sin(0.9 * time);
  }

  /** Metres to the right a metre of depth, through a column's middle. */
  across(column: number): number {
    return (column + 0.5 - this.centre) / this.focal;
  }

  /** Metres downwards a metre of depth, through a row's middle. */
  down(row: number): number {
    return (row + 0.5 - this.horizon) / this.focal;
  }

  /** The figure where it is now. */
  place(figure: Figure): Figure {
    const { time } = this.view;
    if (figure.path) return { ...figure, ...figure.path(time) };
    return { ...figure, x: figure.x + figure.speedX * time, z: figure.z + figure.speedZ * time };
  }
}
