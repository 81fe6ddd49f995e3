/** A small flow network for tests: it matches windows over all displacements up to 4 pixels, as an ONNX graph. */
import { Graph, type Value } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';

const REACH = 4;
const FLOAT = 1;

export interface MadeFlowNetwork {
  /** Size of the pictures, pixels. */
  readonly width: number;
  readonly height: number;
  /** Both pictures in one input. */
  readonly joined?: boolean;
  /** Values are clipped to this range: pictures in another one are lost on it. */
  readonly clip?: readonly [number, number];
  /** Output cells of so many pixels. */
  readonly cell?: number;
  /** Pixels a unit of the output. */
  readonly unit?: number;
}

export function madeFlowNetwork({
  width,
  height,
  joined = false,
  clip,
  cell = 1,
  unit = 1,
}: MadeFlowNetwork): Uint8Array {
  const graph = new Graph();
  const shape = [1, 3, height, width];
  const clipped = (x: Value): Value =>
    clip ? graph.node('Clip', [x, graph.scalar(clip[0]), graph.scalar(clip[1])], shape) : x;
  const pictures = joined
    ? split(graph, shape)
    : ['image1', 'image2'].map((name) => graph.input(name, shape));
  const [first, second] = pictures.map(clipped);
  const costs: Value[] = [];
  for (let v = -REACH; v <= REACH; v++) {
    for (let u = -REACH; u <= REACH; u++) costs.push(cost(graph, first, moved(graph, second, u, v, shape)));
  }
  const side = 2 * REACH + 1;
  const volume = graph.node('Concat', costs, [1, side * side, height, width], { attributes: { axis: 1 } });
  const plane = [1, 1, height, width];
  const best = graph.node('ArgMin', [volume], plane, { type: 'int64', attributes: { axis: 1 } });
  const index = graph.node('Cast', [best], plane, { type: 'float32', attributes: { to: FLOAT } });
  const row = graph.node('Floor', [graph.node('Div', [index, graph.scalar(side)], plane)], plane);
  const column = graph.node('Sub', [index, graph.node('Mul', [row, graph.scalar(side)], plane)], plane);
  const both = graph.node('Concat', [column, row], [1, 2, height, width], { attributes: { axis: 1 } });
  const centred = graph.node('Sub', [both, graph.scalar(REACH)], both.shape);
  const scaled = graph.node('Mul', [centred, graph.scalar(1 / unit)], both.shape);
  graph.output(
    'flow',
    graph.node('AveragePool', [scaled], [1, 2, Math.floor(height / cell), Math.floor(width / cell)], {
      attributes: { kernel_shape: [cell, cell], strides: [cell, cell] },
    }),
  );
  return toOnnx(graph);
}

function split(graph: Graph, shape: readonly number[]): Value[] {
  const images = graph.input('images', [1, 6, shape[2], shape[3]]);
  return [0, 3].map((from) => {
    const bounds = [[from], [from + 3], [1]].map((list) => graph.integers(list));
    return graph.node('Slice', [images, ...bounds], shape);
  });
}

/** x[p + (u, v)], 0 beyond the border. */
function moved(graph: Graph, x: Value, u: number, v: number, shape: readonly number[]): Value {
  const pads = graph.integers([0, 0, -v, -u, 0, 0, v, u]);
  return graph.node('Pad', [x, pads], shape);
}

/** Mean absolute difference over a window of 7 × 7. */
function cost(graph: Graph, a: Value, b: Value): Value {
  const [, , rows, columns] = a.shape;
  const difference = graph.node('Abs', [graph.node('Sub', [a, b], a.shape)], a.shape);
  const grey = graph.node('ReduceMean', [difference, graph.integers([1])], [1, 1, rows, columns], {
    attributes: { keepdims: 1 },
  });
  return graph.node('AveragePool', [grey], grey.shape, {
    attributes: { kernel_shape: [7, 7], strides: [1, 1], pads: [3, 3, 3, 3] },
  });
}
