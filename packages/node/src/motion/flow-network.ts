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

/** How a flow network wants its pictures and what its vectors are in: what its file does not say. */
export interface FlowConvention {
  /** Range of the pixel values; default '0..255' (RAFT). PWC-Net takes '0..1', torchvision's networks '-1..1'. */
  readonly values?: '0..255' | '0..1' | '-1..1';
  /** Pixels of the network's picture a unit of its vectors; default 1. PWC-Net's are 20. */
  readonly unit?: number;
}

const RANGES = {
  '0..255': { scale: 1, offset: 0 },
  '0..1': { scale: 1 / 255, offset: 0 },
  '-1..1': { scale: 2 / 255, offset: -1 },
} as const;

/** Which files: see docs/guide/motion.md. */
export class FlowNetwork implements Disposable {
  private constructor(
    private readonly file: string,
    private readonly session: InferenceSession,
    private readonly pictures: GraphSession,
    private readonly layout: FlowLayout,
    private readonly unit: number,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /**
   * @param width frame width, pixels; `height` likewise
   * @throws InputError when the file cannot be read or takes no pictures as a flow network does
   */
  static async open(
    file: string,
    width: number,
    height: number,
    { values = '0..255', unit = 1 }: FlowConvention = {},
  ): Promise<FlowNetwork> {
    const session = await openSession(file);
    try {
      const layout = flowLayout(file, session.inputMetadata, width, height);
      const pictures = await GraphSession.open(pictureGraph(width, height, layout, RANGES[values]));
      return new FlowNetwork(file, session, pictures, layout, unit, width, height);
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
    void this.pictures.close();
    void this.session.release();
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
    const { layout, width, height, unit } = this;
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
      unitX: unit * across,
      unitY: unit * down,
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
