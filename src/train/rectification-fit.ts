/**
 * Starts φ_r (Eq. 5) where a gradient would take long to bring it. φ_r is one convolution and L_consist is
 * quadratic in it: its best weights against the key-frame CNN's features are a least-squares solution. The
 * fit runs over made clips twice, the second time over the features that the first fit's own corrections lead
 * to, so that it knows the errors it will meet.
 */
import { Graph, GraphSession, type Value } from '../graph/index.js';
import { denseMotion, residualMap, warpFeatures } from '../motion/index.js';
import type { NetworkDescription } from '../network/description.js';
import { inferenceGraph } from '../network/inference-graph.js';
import { CONTEXT, type WarpLayer } from '../network/key-frame.js';
import type { Weights } from '../network/safetensors.js';
import type { ClipProvider } from './clip-slots.js';
import type { ContextTeacher } from './context-teacher.js';
import { solveRidge } from './least-squares.js';

export interface RectificationFit {
  readonly description: NetworkDescription;
  readonly weights: Weights;
  readonly layer: WarpLayer;
  readonly teacher: ContextTeacher;
  readonly clips: ClipProvider;
  /** Clips a round. */
  readonly clipCount: number;
  readonly threads?: number;
  readonly onClip?: (done: number, total: number) => void;
}

const ROUNDS = 2;
const RIDGE = 1e-3;
/** The attention starts open (sigmoid 0.95), since the fit counts on its correction being applied. */
const OPEN_ATTENTION = 3;

/** Replaces `cfr.*` by the fit and opens `attention.*`. */
export async function fitRectification(fit: RectificationFit): Promise<void> {
  const { weights, layer, clipCount, clips, onClip } = fit;
  const { channels } = CONTEXT[layer];
  weights.get('attention.weight')?.data.fill(0);
  weights.get('attention.bias')?.data.fill(OPEN_ATTENTION);
  const equations = await NormalEquations.open(fit);
  for (let round = 0; round < ROUNDS; round++) {
    const walker = await ClipWalker.open(fit);
    for (let index = 0; index < clipCount; index++) {
      await walker.walk(await clips(round * clipCount + index), (joined, error) =>
        equations.add(joined, error),
      );
      onClip?.(round * clipCount + index + 1, ROUNDS * clipCount);
    }
    await walker.close();
    equations.solveInto(weights, channels);
  }
  await equations.close();
}

/** Runs clips through the network as it is, frame by frame on its own features. */
class ClipWalker {
  private constructor(
    private readonly fit: RectificationFit,
    private readonly session: GraphSession,
  ) {}

  static async open(fit: RectificationFit): Promise<ClipWalker> {
    const outputs = { context: fit.description.outputs.context, joined: 'cfr.joined' };
    const { height, width } = fit.teacher.frame;
    const graph = inferenceGraph({ ...fit.description, outputs }, fit.weights, height, width);
    return new ClipWalker(fit, await GraphSession.open(graph, { threads: fit.threads }));
  }

  async walk(
    { frames }: Awaited<ReturnType<ClipProvider>>,
    use: (joined: Float32Array, error: Float32Array) => Promise<void>,
  ): Promise<void> {
    const { teacher, layer } = this.fit;
    const { channels, stride } = CONTEXT[layer];
    let context: Float32Array = (await teacher.context(frames[0].pixels)).slice();
    for (let t = 1; t < frames.length; t++) {
      const { pixels, motion, width, height } = frames[t];
      const warped = warpFeatures(context, channels, denseMotion(motion, width, height, stride));
      const residual = residualMap(pixels, frames[t - 1].pixels, motion, width, height, stride).data;
      const results = await this.session.run({ image: pixels, warped, residual });
      const target = await teacher.context(pixels);
      await use(
        results.joined as Float32Array,
        target.map((value, i) => value - warped[i]),
      );
      context = (results.context as Float32Array).slice();
    }
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** Sums X Xᵀ and E Xᵀ over cells, X being what φ_r's window sees in a cell, and 1 for the bias. */
class NormalEquations {
  private gram: Float32Array;
  private cross: Float32Array;

  private constructor(
    private readonly session: GraphSession,
    private readonly inputs: number,
    private readonly unknowns: number,
    outputs: number,
  ) {
    this.gram = new Float32Array(unknowns * unknowns);
    this.cross = new Float32Array(outputs * unknowns);
  }

  static async open({ teacher, layer, threads }: RectificationFit): Promise<NormalEquations> {
    const { channels } = CONTEXT[layer];
    const [, , rows, columns] = teacher.shape;
    const inputs = 2 * channels;
    const unknowns = 9 * inputs + 1;
    const graph = new Graph();
    const joined = graph.input('joined', [1, inputs, rows, columns]);
    const error = graph.input('error', [1, channels, rows, columns]);
    const seen = windows(graph, joined, unknowns);
    const target = graph.node(
      'Reshape',
      [error, graph.integers([channels, rows * columns])],
      [channels, rows * columns],
    );
    for (const [name, left, extent] of [
      ['gram', seen, unknowns],
      ['cross', target, channels],
    ] as const) {
      const shape = [extent, unknowns];
      const sum = graph.input(name, shape);
      const product = graph.node('FusedMatMul', [left, seen], shape, {
        domain: 'com.microsoft',
        attributes: { transB: 1 },
      });
      graph.output(`new:${name}`, graph.node('Add', [sum, product], shape));
    }
    return new NormalEquations(await GraphSession.open(graph, { threads }), inputs, unknowns, channels);
  }

  async add(joined: Float32Array, error: Float32Array): Promise<void> {
    const results = await this.session.run({ joined, error, gram: this.gram, cross: this.cross });
    this.gram = results['new:gram'] as Float32Array;
    this.cross = results['new:cross'] as Float32Array;
  }

  solveInto(weights: Weights, outputs: number): void {
    const { unknowns, inputs } = this;
    const solution = solveRidge(this.gram, this.cross, unknowns, RIDGE);
    const weight = weights.get('cfr.weight')!.data;
    const bias = weights.get('cfr.bias')!.data;
    for (let o = 0; o < outputs; o++) {
      bias[o] = solution[(o + 1) * unknowns - 1];
      for (let i = 0; i < inputs; i++) {
        for (let tap = 0; tap < 9; tap++)
          weight[(o * inputs + i) * 9 + tap] = solution[o * unknowns + tap * inputs + i];
      }
    }
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** [1, C, h, w] → [9 C + 1, h · w]: what a padded 3 × 3 window sees in each cell, tap by tap, then a 1. */
function windows(graph: Graph, x: Value, unknowns: number): Value {
  const [, channels, rows, columns] = x.shape;
  const padded = graph.node(
    'Pad',
    [x, graph.integers([0, 0, 1, 1, 0, 0, 1, 1])],
    [1, channels, rows + 2, columns + 2],
  );
  const views: Value[] = [];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const bounds = [
        [i, j],
        [i + rows, j + columns],
        [2, 3],
      ].map((list) => graph.integers(list));
      views.push(graph.node('Slice', [padded, ...bounds], x.shape));
    }
  }
  const ones = graph.constant(new Float32Array(rows * columns).fill(1), [1, 1, rows, columns]);
  const joined = graph.node('Concat', [...views, ones], [1, unknowns, rows, columns], {
    attributes: { axis: 1 },
  });
  return graph.node(
    'Reshape',
    [joined, graph.integers([unknowns, rows * columns])],
    [unknowns, rows * columns],
  );
}
