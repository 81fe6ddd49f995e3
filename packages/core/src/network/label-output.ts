/** Full-size class ids as part of a graph: for exported models and for validation. */
import type { Graph } from '../graph/graph.js';

const SCORE_STRIDE = 4;
const UINT8 = 2;

/**
 * Appends bilinear enlarging of the scores to `height × width` (half-pixel centres) and the argmax over
 * classes; the result is the output `labels` [N, height, width], uint8.
 */
export function appendLabelOutput(graph: Graph, height: number, width: number): void {
  const scores = graph.outputs.get('scores');
  if (!scores) throw new Error('the graph has no output named scores');
  const [n, classes, rows, columns] = scores.shape;
  const full = [n, classes, rows * SCORE_STRIDE, columns * SCORE_STRIDE];
  const scales = graph.constant(Float32Array.of(1, 1, SCORE_STRIDE, SCORE_STRIDE), [4]);
  const enlarged = graph.node('Resize', [scores, undefined, scales], full, {
    attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  });
  const bounds = [
    [0, 0],
    [height, width],
    [2, 3],
  ].map((list) => graph.integers(list));
  const cropped = graph.node('Slice', [enlarged, ...bounds], [n, classes, height, width]);
  const shape = [n, height, width];
  const best = graph.node('ArgMax', [cropped], shape, {
    type: 'int64',
    attributes: { axis: 1, keepdims: 0 },
  });
  graph.output('labels', graph.node('Cast', [best], shape, { type: 'uint8', attributes: { to: UINT8 } }));
}
