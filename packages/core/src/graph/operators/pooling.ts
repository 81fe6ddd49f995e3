/** Pooling: the largest or the mean of windows. Input x [N, C, H, W]. */
import type { Graph, Operator, Value } from '../graph.js';

export interface MaxPoolAttributes {
  readonly kernel: number;
  readonly stride: number;
  /** Cells added on every side, never the largest. */
  readonly padding: number;
}

/** The output's shape and the attributes in ONNX's terms. */
export function onnxMaxPool({ shape }: Value, { kernel, stride, padding }: MaxPoolAttributes) {
  const [n, channels, ...grid] = shape;
  const pooled = grid.map((size) => Math.floor((size + 2 * padding - kernel) / stride) + 1);
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
  return { shape: [n, channels, ...pooled], attributes };
}

/** Largest of square windows. */
export const maxPool: Operator<MaxPoolAttributes> = {
  name: 'maxPool',
  forward(graph, [x], attributes) {
    const onnx = onnxMaxPool(x, attributes);
    return { output: graph.node('MaxPool', [x], onnx.shape, { attributes: onnx.attributes }) };
  },
};

/** Averages over 2 × 2 cells; a window cut by the border averages what is inside. */
export const halve: Operator = {
  name: 'halve',
  forward(graph, [x]) {
    const [n, channels, ...grid] = x.shape;
    const shape = [n, channels, ...grid.map((size) => Math.ceil(size / 2))];
    return {
      output: graph.node('AveragePool', [x], shape, {
        attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1, count_include_pad: 0 },
      }),
    };
  },
};

/**
 * Adaptive average pooling to `bins × bins`: bin i covers ⌊i·n/bins⌋ to ⌈(i+1)·n/bins⌉. ONNX has none: each bin is a mean
 * over a slice; there are at most 8 × 8 of them, few rows each.
 */
export const adaptivePool: Operator<{ bins: number }> = {
  name: 'adaptivePool',
  forward(graph, [x], { bins }) {
    const [n, channels, , columns] = x.shape;
    if (bins === 1) return { output: graph.node('GlobalAveragePool', [x], [n, channels, 1, 1]) };
    const bands = binMeans(graph, x, bins, 2);
    const joined = graph.node('Concat', bands, [n, channels, bins, columns], { attributes: { axis: 2 } });
    const cells = binMeans(graph, joined, bins, 3);
    return { output: graph.node('Concat', cells, [n, channels, bins, bins], { attributes: { axis: 3 } }) };
  },
};

function binMeans(graph: Graph, x: Value, bins: number, axis: 2 | 3): Value[] {
  const extent = x.shape[axis];
  return Array.from({ length: bins }, (_, i) => {
    const start = Math.floor((i * extent) / bins);
    const end = Math.ceil(((i + 1) * extent) / bins);
    const at = (size: number): number[] => x.shape.map((full, k) => (k === axis ? size : full));
    const bounds = [[start], [end], [axis]].map((list) => graph.integers(list));
    const slice = graph.node('Slice', [x, ...bounds], at(end - start));
    return graph.node('ReduceMean', [slice, graph.integers([axis])], at(1), { attributes: { keepdims: 1 } });
  });
}
