/** Passes of a non-key-frame network through consecutive frames, differentiable through the warps between them. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import type { Differentiable, Tape } from './tape.js';
import { tapeNetwork } from './training-graph.js';

export interface UnrollOptions {
  readonly batch: number;
  /** Frame size, pixels. */
  readonly height: number;
  readonly width: number;
  /** Consecutive frames. */
  readonly frames: number;
  /** Channels, rows and columns of the context feature. */
  readonly context: readonly [channels: number, rows: number, columns: number];
  readonly parameters: ReadonlyMap<string, Value>;
}

/** `image.3` is the image of the fourth frame of a window. */
export const frameSuffix = (frame: number): string => `.${frame}`;

/**
 * Writes the passes one after the other; gives the outputs of each. Graph inputs: `warped.0`, the context feature
 * before the first frame, warped to it; for each further frame `motion.<t>`, its warp as a matrix (see
 * `warpMatrix`); and the network's other inputs as `<name>.<t>`. Batch norm keeps its stored statistics.
 */
export function unroll(
  tape: Tape,
  description: NetworkDescription,
  { frames, context, ...options }: UnrollOptions,
): Readonly<Record<string, Value>>[] {
  const { graph } = tape;
  const [, rows, columns] = context;
  const cells = rows * columns;
  let previous: Value | undefined;
  return Array.from({ length: frames }, (_, t) => {
    const suffix = frameSuffix(t);
    const warped = previous
      ? tape.apply(warp, [previous, graph.input(`motion${suffix}`, [options.batch, cells, cells])], undefined)
      : graph.input(`warped${suffix}`, [options.batch, ...context]);
    const passOptions = { ...options, norm: 'frozen' as const, inputs: { warped }, suffix };
    const { outputs } = tapeNetwork(tape, description, passOptions);
    previous = outputs.context;
    return outputs;
  });
}

/**
 * Warping a feature map as a product with a sparse matrix held densely: Y = X · M a sample, X with one row a channel and
 * one column a cell. Linear in X whatever the motion, so the derivative is the same with Mᵀ. Inputs: x [N, C, H, W];
 * matrix [N, H·W, H·W], from source cells (rows) to target cells; no gradient by it.
 */
export const warp: Differentiable = {
  name: 'warp',
  forward(graph, [x, matrix]) {
    return { output: times(graph, x, matrix) };
  },
  gradient({ graph, inputs: [, matrix], gradient }) {
    const [n, from, to] = matrix.shape;
    const transposed = graph.node('Transpose', [matrix], [n, to, from], { attributes: { perm: [0, 2, 1] } });
    return [times(graph, gradient, transposed), undefined];
  },
};

function times(graph: Graph, x: Value, matrix: Value): Value {
  const [n, channels, height, width] = x.shape;
  const flat = [n, channels, height * width];
  const rows = graph.reshape(x, flat);
  return graph.reshape(graph.node('MatMul', [rows, matrix], flat), x.shape);
}
