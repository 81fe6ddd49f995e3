/** What a frame's vectors mean on a grid: dense motion, and the residual that it leaves. */
import { NO_MOTION, type VideoFrame } from '../frame.js';
import { denseMotion } from './dense-motion.js';
import type { MotionField, ResidualMap } from './field.js';
import { gridSize, type Stride } from './grid.js';
import { Residuals } from './residual-map.js';

export interface MapOptions {
  /** Dense motion of every frame. Default false. */
  readonly dense?: boolean;
  /** Residual maps of every frame, for which pictures are converted. Default false. */
  readonly residual?: boolean;
  /** Pixels a cell of both: 4, 8 or 16. Default 16, a macroblock's side. */
  readonly stride?: Stride;
}

export const DEFAULT_STRIDE: Stride = 16;

export interface FrameMaps {
  readonly dense?: MotionField;
  readonly residual?: ResidualMap;
}

export class MotionMaps {
  readonly rows: number;
  readonly columns: number;
  readonly #stride: Stride;
  readonly #dense: boolean;
  readonly #residuals: Residuals | undefined;

  /** @param width of the frames, pixels; `height` likewise */
  constructor(
    readonly width: number,
    readonly height: number,
    { dense = false, residual = false, stride = DEFAULT_STRIDE }: MapOptions,
  ) {
    const { rows, columns } = gridSize(width, height, stride);
    this.rows = rows;
    this.columns = columns;
    this.#stride = stride;
    this.#dense = dense;
    if (residual) this.#residuals = new Residuals(width, height, stride, { sampling: 1 });
  }

  /**
   * Takes the frames in display order. The residual is against the I- or P-frame displayed last. Frames that do not
   * continue the one before have neither motion nor anything to be compared with: all of them is new.
   */
  of(frame: VideoFrame): FrameMaps {
    // Vectors are not looked at for nothing.
    if (!this.#dense && !this.#residuals) return {};
    const motion = frame.discontinuity ? NO_MOTION : frame.motion;
    const dense = this.#dense ? denseMotion(motion, this.width, this.height, this.#stride) : undefined;
    const residual = this.#residuals?.map(frame.pixels, motion);
    if (frame.pictureType !== 'B') this.#residuals?.referToLast();
    return { dense, residual };
  }
}
