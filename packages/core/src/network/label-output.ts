/** Full-size class ids as part of a graph: for exported models and for validation. */
import type { Graph, Shape } from '../graph/graph.js';
import { enlarge } from '../graph/operators/resampling.js';

/** Strides that class scores may have. */
const SCORE_STRIDES = [4, 8] as const;
const UINT8 = 2;

/**
 * Appends bilinear enlarging of the scores to `height × width` (half-pixel centres) and the argmax over
 * classes; the result is the output `labels` [N, height, width], uint8.
 */
export function appendLabelOutput(graph: Graph, height: number, width: number): void {
  const scores = graph.outputs.get('scores');
  if (!scores) throw new Error('the graph has no output named scores');
  const factor = scoreStride(scores.shape, height, width);
  const grid = { factor, rows: height, columns: width };
  const { output: full } = enlarge.forward(graph, [scores], grid);
  const shape = [scores.shape[0], height, width];
  const best = graph.node('ArgMax', [full], shape, {
    type: 'int64',
    attributes: { axis: 1, keepdims: 0 },
  });
  graph.output('labels', graph.node('Cast', [best], shape, { type: 'uint8', attributes: { to: UINT8 } }));
}

/** Pixels of a picture of `height × width` for each cell of its scores [N, C, rows, columns]. @throws where there are none such */
export function scoreStride([, , rows, columns]: Shape, height: number, width: number): number {
  const stride = SCORE_STRIDES.find(
    (s) => Math.ceil(height / s) === rows && Math.ceil(width / s) === columns,
  );
  if (stride === undefined)
    throw new Error(`scores of ${columns}×${rows} cells for pictures of ${width}×${height}`);
  return stride;
}
