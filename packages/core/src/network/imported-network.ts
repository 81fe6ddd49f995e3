/** Segmentation networks of other programs: what one has to know of them to run them on frames. */
import { gridSize } from '../motion/grid.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a tensor has its channels. */
export const LAYOUTS = ['NCHW', 'NHWC'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Element types of pictures. */
export const PICTURE_TYPES = ['float32', 'float16', 'uint8'] as const;
/** Element types of what networks give. */
export const ANSWER_TYPES = ['float32', 'float16', 'uint8', 'int64', 'int32', 'bool'] as const;

/** The picture that a network takes: one of three channels. */
export interface ImportedInput {
  /** The tensor's name. */
  readonly name: string;
  readonly layout: Layout;
  readonly type: (typeof PICTURE_TYPES)[number];
  readonly order: 'RGB' | 'BGR';
  /** Of the three channels in their order, 8-bit: what enters is (x − mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /** The picture's size; where it is free, one that it is meant for. */
  readonly width: number;
  readonly height: number;
  /** Sides may be any multiple of so many pixels; none: the size is fixed, and frames are resized to it. */
  readonly multiple?: number;
}

/**
 * What a network gives: `scores` of every class, logits or probabilities; `foreground`, the scores of one class against
 * the rest, which is class 0; or `labels`, class ids.
 */
export const ANSWERS = ['scores', 'foreground', 'labels'] as const;

export interface ImportedOutput {
  /** The tensor's name. */
  readonly name: string;
  readonly content: (typeof ANSWERS)[number];
  readonly layout: Layout;
  readonly type: (typeof ANSWER_TYPES)[number];
  /** Of a picture of the input's own size. */
  readonly rows: number;
  readonly columns: number;
  /** Dimensions of the tensor: of labels 2, 3 or 4, of others 3 or 4. */
  readonly rank: number;
  /** Of a foreground: its score from which on a pixel is the class. */
  readonly threshold?: number;
}

export interface ImportedInterface {
  readonly input: ImportedInput;
  readonly output: ImportedOutput;
}

/** Sides of a cell of the grid that is propagated, in frames' pixels. */
export const GRID_STRIDE = 4;

/** Width over height of most videos. */
const USUAL_ASPECT = 16 / 9;

/** The longer side of frames for a network: as many pixels as its picture has, in a video of the usual proportions. */
export function longestSide({ input: { width, height } }: ImportedInterface): number {
  return Math.max(16, Math.round(Math.sqrt(width * height * USUAL_ASPECT)));
}

/** Sizes for frames of one size. */
export interface ImportedSizes {
  readonly frame: Size;
  /** The frame, its last pixels repeated at the right and below: a multiple of what the network or the grid asks for. */
  readonly canvas: Size;
  /** The network's picture: the canvas, or, where its size is fixed, the canvas resized. */
  readonly picture: Size;
  /** Cells of what the network gives. */
  readonly answer: { readonly rows: number; readonly columns: number };
  /** Cells of what is propagated. */
  readonly grid: { readonly rows: number; readonly columns: number };
}

/**
 * @throws RangeError where the network's answer to pictures of that size is no whole number of cells
 */
export function importedSizes({ input, output }: ImportedInterface, frame: Size): ImportedSizes {
  const { multiple } = input;
  const up = (side: number, to: number): number => Math.ceil(side / to) * to;
  const step = lcm(multiple ?? 1, GRID_STRIDE);
  const canvas = { width: up(frame.width, step), height: up(frame.height, step) };
  const picture = multiple === undefined ? { width: input.width, height: input.height } : canvas;
  const answer = {
    rows: (output.rows * picture.height) / input.height,
    columns: (output.columns * picture.width) / input.width,
  };
  if (!Number.isInteger(answer.rows) || !Number.isInteger(answer.columns))
    throw new RangeError(
      `an answer of ${answer.columns}×${answer.rows} cells to pictures of ${picture.width}×${picture.height}`,
    );
  return { frame, canvas, picture, answer, grid: gridSize(frame.width, frame.height, GRID_STRIDE) };
}

function lcm(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** The shape of the network's picture. */
export function pictureShape({ layout }: ImportedInput, { width, height }: Size): readonly number[] {
  return layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3];
}

/** The shape of what it gives. */
export function answerShape(
  { content, layout, rank }: ImportedOutput,
  { rows, columns }: ImportedSizes['answer'],
  classes: number,
): readonly number[] {
  const channels = content === 'scores' ? classes : 1;
  const full = layout === 'NCHW' ? [1, channels, rows, columns] : [1, rows, columns, channels];
  if (rank === 4) return full;
  const grid = [rows, columns];
  return rank === 2 ? grid : content === 'scores' ? full.slice(1) : [1, ...grid];
}
