/** Dense optical flow by OpenCV's Farnebäck (2003), in WebAssembly. */
import { createRequire } from 'node:module';
import { InputError } from '@twnet/core/errors';
import type { BlockMotion } from '@twnet/core/frame';
import { flowBlocks } from '@twnet/core/motion/flow-blocks';
import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { FromPlanarRgb } from '../video/planar-rgb.js';

/** What is used of OpenCV; its own types are for the browser. */
interface Matrix {
  readonly data: Uint8Array;
  readonly data32F: Float32Array;
  delete(): void;
}
interface OpenCv {
  readonly Mat: new (rows: number, columns: number, type: number) => Matrix;
  readonly CV_8UC1: number;
  readonly CV_32FC2: number;
  calcOpticalFlowFarneback(
    from: Matrix,
    to: Matrix,
    flow: Matrix,
    pyramidScale: number,
    levels: number,
    window: number,
    iterations: number,
    polyN: number,
    polySigma: number,
    flags: number,
  ): void;
}

/** OpenCV's own example's: a pyramid of halves, windows of 15 pixels, 3 iterations, expansions over 5 pixels. */
const PYRAMID_SCALE = 0.5;
const WINDOW = 15;
const ITERATIONS = 3;
const POLY_N = 5;
const POLY_SIGMA = 1.2;
/** Coarsest level's least side, pixels. */
const LEAST_SIDE = 32;
const MOST_LEVELS = 5;

const EVENTS = ['uncaughtException', 'unhandledRejection'];

let library: Promise<OpenCv> | undefined;

/** OpenCV, once a process. */
function openCv(): Promise<OpenCv> {
  library ??= load();
  return library;
}

async function load(): Promise<OpenCv> {
  // Not by import(): the module has a `then` that never calls back, so that whoever awaits it waits for ever.
  let cv: OpenCv & { onRuntimeInitialized?: () => void };
  const listeners = EVENTS.map((event) => process.listeners(event as 'exit'));
  try {
    cv = createRequire(import.meta.url)('@techstark/opencv-js');
  } catch {
    throw new InputError(
      '@techstark/opencv-js: is not installed, and optical flow needs it; npm install without --omit=optional',
    );
  }
  if (!cv.Mat)
    await new Promise<void>((resolve) => {
      cv.onRuntimeInitialized = resolve;
    });
  // It ends the process at errors that are none of its business.
  for (const [i, event] of EVENTS.entries()) {
    for (const listener of process.listeners(event as 'exit'))
      if (!listeners[i].includes(listener)) process.off(event, listener);
  }
  const { Mat, CV_8UC1, CV_32FC2 } = cv;
  const { calcOpticalFlowFarneback } = cv;
  return { Mat, CV_8UC1, CV_32FC2, calcOpticalFlowFarneback };
}

/** Every pixel gets a vector; sub-pixel; nothing is marked as unexplained. Holds memory, so close it. */
export class OpticalFlow implements Disposable {
  private readonly toGrey: FromPlanarRgb;
  private readonly matrices: { current: Matrix; previous: Matrix; flow: Matrix };
  private readonly levels: number;
  /** The picture whose grey lies in `current`. */
  private last: Uint8Array | undefined;

  private constructor(
    private readonly cv: OpenCv,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.toGrey = new FromPlanarRgb(width, height, AV_PIX_FMT_GRAY8);
    const grey = () => new cv.Mat(height, width, cv.CV_8UC1);
    this.matrices = { current: grey(), previous: grey(), flow: new cv.Mat(height, width, cv.CV_32FC2) };
    const halvings = Math.floor(Math.log2(Math.min(width, height) / LEAST_SIDE));
    this.levels = Math.min(MOST_LEVELS, Math.max(0, halvings));
  }

  /**
   * @param width pixels; `height` likewise
   * @throws InputError where the library, an optional dependency, is not installed
   */
  static async open(width: number, height: number): Promise<OpticalFlow> {
    return new OpticalFlow(await openCv(), width, height);
  }

  /** Vectors of `current` against `previous`, planar RGB both. One call at a time. */
  async between(current: Uint8Array, previous: Uint8Array): Promise<BlockMotion> {
    const { matrices, width, height } = this;
    if (this.last === previous) {
      [matrices.current, matrices.previous] = [matrices.previous, matrices.current];
    } else await this.fill(matrices.previous, previous);
    await this.fill(matrices.current, current);
    this.last = current;
    const { flow } = matrices;
    this.cv.calcOpticalFlowFarneback(
      matrices.current,
      matrices.previous,
      flow,
      PYRAMID_SCALE,
      this.levels,
      WINDOW,
      ITERATIONS,
      POLY_N,
      POLY_SIGMA,
      0,
    );
    const data = flow.data32F;
    const cells = { rows: height, columns: width, cellWidth: 1, cellHeight: 1, unitX: 1, unitY: 1 };
    return flowBlocks({ ...cells, data, step: 2, offset: 1 }, width, height);
  }

  [Symbol.dispose](): void {
    this.toGrey[Symbol.dispose]();
    for (const matrix of Object.values(this.matrices)) matrix.delete();
  }

  private async fill(matrix: Matrix, pixels: Uint8Array): Promise<void> {
    const { width, height } = this;
    const { data, linesize } = await this.toGrey.convert(pixels);
    // Looked up anew each time: WebAssembly's memory moves when it grows.
    const target = matrix.data;
    for (let y = 0; y < height; y++)
      target.set(data![0].subarray(y * linesize[0], y * linesize[0] + width), y * width);
  }
}
