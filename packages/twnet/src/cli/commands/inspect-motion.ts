/** What `twnet inspect` works out of a video's motion, in figures and as a picture. */

import { NO_MOTION, type PictureType, type VideoFrame } from '@twnet/core/frame';
import { denseMotion } from '@twnet/core/motion/dense-motion';
import type { MotionField, ResidualMap } from '@twnet/core/motion/field';
import { residualMap } from '@twnet/core/motion/residual-map';

/** Pixels a cell of the grid that motion and residual are looked at on. */
const STRIDE = 8;
/** Motion of this share of the picture's width is drawn in full colour. */
const FULL_COLOUR_SHARE = 1 / 40;
/** Residual (mean of R, G, B) that is drawn in the hottest colour, of 255. */
const HOTTEST_RESIDUAL = 48;

/** Figures of a video's motion; null where no frame has any. */
export interface MotionFigures {
  readonly frames: Readonly<Record<PictureType, number>>;
  /** Frames that do not continue the one before, the first one left out. */
  readonly discontinuities: number;
  /** Share of the P-frames' (B-frames') area that has vectors into the past, mean over frames, 0 to 1. */
  readonly coverageP: number | null;
  readonly coverageB: number | null;
  /** Share of the P-frames' area that no vector explains: intra blocks (or, after damage, lost ones). */
  readonly intraP: number | null;
  /** Mean and greatest length of vectors into the past, pixels, weighted by area. */
  readonly meanMotion: number | null;
  readonly greatestMotion: number | null;
}

export class MotionStatistics {
  private readonly frames: Record<PictureType, number> = { I: 0, P: 0, B: 0 };
  private readonly coverage: Record<PictureType, number> = { I: 0, P: 0, B: 0 };
  private discontinuities = 0;
  private area = 0;
  private length = 0;
  private greatest = 0;

  add({ pictureType, discontinuity, index, motion, width, height }: VideoFrame): void {
    this.frames[pictureType] += 1;
    if (discontinuity && index > 0) this.discontinuities += 1;
    if (pictureType === 'I') return;
    const { coverage } = denseMotion(motion, width, height, STRIDE);
    this.coverage[pictureType] += coverage.reduce((sum, share) => sum + share, 0) / coverage.length;
    for (let b = 0; b < motion.count; b++) {
      if (motion.direction[b] >= 0) continue;
      const area = motion.width[b] * motion.height[b];
      const length = Math.hypot(motion.dx[b], motion.dy[b]);
      this.area += area;
      this.length += area * length;
      this.greatest = Math.max(this.greatest, length);
    }
  }

  report(): MotionFigures {
    const { frames, coverage, area } = this;
    const mean = (type: PictureType) => (frames[type] > 0 ? coverage[type] / frames[type] : null);
    const coverageP = mean('P');
    return {
      frames: { ...frames },
      discontinuities: this.discontinuities,
      coverageP,
      coverageB: mean('B'),
      intraP: coverageP === null ? null : 1 - coverageP,
      meanMotion: area > 0 ? this.length / area : null,
      greatestMotion: area > 0 ? this.greatest : null,
    };
  }
}

/** RGA's attention (Eq. 6) on the grid of the context feature, 0 to 1. */
export interface AttentionMap {
  readonly data: Float32Array;
  readonly columns: number;
  /** Pixels a cell. */
  readonly stride: number;
}

/**
 * Draws frames as pictures side by side: the picture, darkened, with its motion by a colour wheel (hue says
 * where to, strength how far; intra blocks white); the residual as heat; and, where asked for, the attention as
 * heat (black on key frames, which have none).
 */
export class MotionPicture {
  /** Pixels of the last I- or P-frame: what vectors into the past refer to. */
  private reference: Uint8Array | undefined;

  constructor(readonly panels: 2 | 3 = 2) {}

  draw(frame: VideoFrame, attention?: AttentionMap): Uint8Array {
    const { width, height, pixels, pictureType, discontinuity } = frame;
    const motion = discontinuity ? NO_MOTION : frame.motion;
    const field = denseMotion(motion, width, height, STRIDE);
    const residual = residualMap(pixels, this.reference ?? pixels, motion, width, height, STRIDE);
    if (pictureType !== 'B') this.reference = pixels;
    const canvas = new Canvas(width, height, this.panels);
    const wheel = motionColours(field, width * FULL_COLOUR_SHARE, pictureType === 'I');
    canvas.panel(0, { colours: wheel, columns: field.columns, stride: STRIDE }, pixels);
    canvas.panel(1, {
      colours: heatColours(meanOfPlanes(residual), HOTTEST_RESIDUAL),
      columns: field.columns,
      stride: STRIDE,
    });
    if (this.panels === 3 && attention) {
      const { data, columns, stride } = attention;
      canvas.panel(2, { colours: heatColours(data, 1), columns, stride });
    }
    return canvas.pixels;
  }
}

/** One colour a cell: planes R, G, B. */
interface CellColours {
  readonly colours: Uint8Array;
  readonly columns: number;
  readonly stride: number;
}

/** Planar RGB of several pictures side by side. */
class Canvas {
  readonly pixels: Uint8Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly panels: number,
  ) {
    this.pixels = new Uint8Array(3 * panels * width * height);
  }

  /** Fills a panel with cells' colours, mixed half and half with a picture where one is given. */
  panel(index: number, { colours, columns, stride }: CellColours, picture?: Uint8Array): void {
    const { width, height, panels, pixels } = this;
    const cells = colours.length / 3;
    for (let plane = 0; plane < 3; plane++) {
      for (let y = 0; y < height; y++) {
        const row = plane * height + y;
        const first = plane * cells + Math.floor(y / stride) * columns;
        for (let x = 0, out = (row * panels + index) * width; x < width; x++, out++) {
          const colour = colours[first + Math.floor(x / stride)];
          pixels[out] = picture ? (picture[row * width + x] + colour) >> 1 : colour;
        }
      }
    }
  }
}

/** Planes R, G, B of one colour a cell. */
function motionColours(field: MotionField, fullLength: number, isIntra: boolean): Uint8Array {
  const { rows, columns, dx, dy, coverage } = field;
  const cells = rows * columns;
  const colours = new Uint8Array(3 * cells);
  if (isIntra) return colours;
  for (let cell = 0; cell < cells; cell++) {
    const strength = 255 * Math.min(1, Math.hypot(dx[cell], dy[cell]) / fullLength);
    const hue = Math.atan2(dy[cell], dx[cell]);
    for (let plane = 0; plane < 3; plane++) {
      const wheel = 0.5 + 0.5 * Math.cos(hue - (plane * 2 * Math.PI) / 3);
      colours[plane * cells + cell] = coverage[cell] === 0 ? 255 : strength * wheel;
    }
  }
  return colours;
}

function meanOfPlanes({ rows, columns, data }: ResidualMap): Float32Array {
  const cells = rows * columns;
  return Float32Array.from(
    { length: cells },
    (_, cell) => (data[cell] + data[cells + cell] + data[2 * cells + cell]) / 3,
  );
}

/** Black over red and yellow to white. */
function heatColours(values: Float32Array, hottest: number): Uint8Array {
  const cells = values.length;
  const colours = new Uint8Array(3 * cells);
  for (let cell = 0; cell < cells; cell++) {
    const heat = 3 * Math.min(1, values[cell] / hottest);
    for (let plane = 0; plane < 3; plane++) {
      colours[plane * cells + cell] = 255 * Math.min(1, Math.max(0, heat - plane));
    }
  }
  return colours;
}
