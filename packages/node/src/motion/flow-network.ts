/** Optical flow by any network in an ONNX file: two pictures in, a dense field out. */
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import type { BlockMotion } from '@twnet/core/frame';
import { type DenseFlow, flowBlocks } from '@twnet/core/motion/flow-blocks';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { onnxRuntime } from '../engine/runtime.js';
import { GraphSession } from '../engine/session.js';
import { type FlowLayout, flowLayout } from './flow-layout.js';
import { pictureGraph } from './picture-graph.js';
import { SHIFT, shiftedPictures } from './shifted-pictures.js';

/** Ranges that pixel values may be wanted in: 0..255 (RAFT), 0..1 (PWC-Net), −1..1. */
const RANGES = [
  { name: '0..255', scale: 1, offset: 0 },
  { name: '0..1', scale: 1 / 255, offset: 0 },
  { name: '-1..1', scale: 2 / 255, offset: -1 },
] as const;
type Range = (typeof RANGES)[number];
/** A network that finds a known motion with a larger mean error, in shares of its length, is of no use. */
const LARGEST_ERROR = 0.5;

/** How a network wants its pictures and what its vectors are in, found out by a motion that is known. */
interface Convention {
  readonly range: Range;
  /** Pixels of the network's picture a unit of its vectors. */
  readonly unit: number;
}

/**
 * Which files: see docs/methods.md. What a file does not say, the range of pixel values and the unit of its
 * vectors, is found by trying it on a texture that moves by a known vector.
 */
export class FlowNetwork implements Disposable {
  private pictures!: GraphSession;
  private convention: Convention = { range: RANGES[0], unit: 1 };

  private constructor(
    private readonly file: string,
    private readonly session: InferenceSession,
    private readonly layout: FlowLayout,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /**
   * @param width frame width, pixels; `height` likewise
   * @throws InputError when the file cannot be read, is no flow network, or does not find a known motion
   */
  static async open(file: string, width: number, height: number): Promise<FlowNetwork> {
    const session = await openSession(file);
    try {
      const layout = flowLayout(file, session.inputMetadata, width, height);
      const network = new FlowNetwork(file, session, layout, width, height);
      await network.findConvention();
      return network;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Vectors of `current` against `previous`, planar RGB both. */
  async between(current: Uint8Array, previous: Uint8Array): Promise<BlockMotion> {
    return flowBlocks(this.denseFlow(await this.run(current, previous)), this.width, this.height);
  }

  [Symbol.dispose](): void {
    void this.pictures?.close();
    void this.session.release();
  }

  private async findConvention(): Promise<void> {
    const { width, height, file } = this;
    const { current, previous } = shiftedPictures(width, height);
    let best = { error: Number.POSITIVE_INFINITY, convention: this.convention };
    for (const range of RANGES) {
      await this.takePictures(range);
      const flow = await this.run(current, previous);
      // A pixel of its picture; a cell of its own grid (RAFT before it is enlarged); 20 pixels (PWC-Net).
      for (const unit of new Set([1, this.layout.width / flow.columns, 20])) {
        this.convention = { range, unit };
        const error = errorOf(flowBlocks(this.denseFlow(flow), width, height));
        if (error < best.error) best = { error, convention: this.convention };
      }
    }
    if (!(best.error <= LARGEST_ERROR)) {
      throw new InputError(
        `${file}: does not find the motion of a texture moved by (${SHIFT.x}, ${SHIFT.y}) pixels ` +
          '(in any of the ranges 0..255, 0..1, -1..1); give a network for optical flow from its first picture to its second',
      );
    }
    this.convention = best.convention;
    await this.takePictures(best.convention.range);
  }

  private async takePictures(range: Range): Promise<void> {
    await this.pictures?.close();
    this.pictures = await GraphSession.open(pictureGraph(this.width, this.height, this.layout, range));
  }

  private async run(current: Uint8Array, previous: Uint8Array): Promise<RawFlow> {
    const { layout, session, file } = this;
    const { Tensor } = await onnxRuntime();
    const { width, height } = layout;
    const pictures = await this.pictures.run({ current, previous });
    const feeds: Record<string, Tensor> = {};
    if (layout.inputs.length === 1) {
      feeds[layout.inputs[0]] = new Tensor('float32', pictures.both as Float32Array, [1, 6, height, width]);
    } else {
      const shape = [1, 3, height, width];
      feeds[layout.inputs[0]] = new Tensor('float32', pictures.first as Float32Array, shape);
      feeds[layout.inputs[1]] = new Tensor('float32', pictures.second as Float32Array, shape);
    }
    try {
      return flowOf(file, await session.run(feeds));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${file}: cannot run on pictures of ${width}×${height}: ${messageOf(error)}`);
    }
  }

  private denseFlow({ rows, columns, data }: RawFlow): DenseFlow {
    const { layout, width, height, convention } = this;
    // Frame pixels a pixel of the network's picture: 1 where the frame was only padded.
    const across = layout.resized ? width / layout.width : 1;
    const down = layout.resized ? height / layout.height : 1;
    return {
      rows,
      columns,
      data,
      step: 1,
      offset: rows * columns,
      cellWidth: (layout.width / columns) * across,
      cellHeight: (layout.height / rows) * down,
      unitX: convention.unit * across,
      unitY: convention.unit * down,
    };
  }
}

interface RawFlow {
  readonly rows: number;
  readonly columns: number;
  /** x then y, `rows × columns` each. */
  readonly data: Float32Array;
}

async function openSession(file: string): Promise<InferenceSession> {
  const bytes = await readFile(file).catch(() => {
    throw new InputError(`${file}: cannot be read; give an ONNX file with a network for optical flow`);
  });
  const { InferenceSession } = await onnxRuntime();
  try {
    return await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  } catch (error) {
    throw new InputError(`${file}: is no ONNX network that runs here: ${messageOf(error)}`);
  }
}

/** The largest output [1, 2, rows, columns]: networks give coarser ones too. */
function flowOf(file: string, outputs: InferenceSession.OnnxValueMapType): RawFlow {
  let best: RawFlow | undefined;
  for (const { dims, data } of Object.values(outputs) as Tensor[]) {
    const [rows, columns] = dims.slice(-2);
    const isFlow = dims.length === 4 && dims[0] === 1 && dims[1] === 2 && data instanceof Float32Array;
    if (!isFlow || (best && best.rows * best.columns >= rows * columns)) continue;
    best = { rows, columns, data };
  }
  if (best) return best;
  const shapes = (Object.values(outputs) as Tensor[]).map(({ type, dims }) => `${type} [${dims.join(', ')}]`);
  throw new InputError(
    `${file}: gives ${shapes.join(' and ')}; optical flow is float32 [1, 2, rows, columns], x then y`,
  );
}

/** Mean length of the error against the known motion, in shares of that motion's length; of blocks off the border. */
function errorOf({ count, x, y, dx, dy }: BlockMotion): number {
  const [right, bottom] = [Math.max(...x), Math.max(...y)];
  let sum = 0;
  let blocks = 0;
  for (let b = 0; b < count; b++) {
    const margin = Math.min(x[b], y[b], right - x[b], bottom - y[b]);
    if (margin < SHIFT.margin) continue;
    sum += Math.hypot(dx[b] - SHIFT.x, dy[b] - SHIFT.y);
    blocks++;
  }
  return sum / blocks / Math.hypot(SHIFT.x, SHIFT.y);
}
