/** Operators that change the grid: pooling, and bilinear resizing with half-pixel centres. Input x [N, C, H, W]. */
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
    const [n, channels] = x.shape;
    if (bins === 1) return { output: graph.node('GlobalAveragePool', [x], [n, channels, 1, 1]) };
    const bands = graph.concat(binMeans(graph, x, bins, 2), 2);
    return { output: graph.concat(binMeans(graph, bands, bins, 3), 3) };
  },
};

function binMeans(graph: Graph, x: Value, bins: number, axis: 2 | 3): Value[] {
  const extent = x.shape[axis];
  return Array.from({ length: bins }, (_, i) => {
    const slice = graph.slice(x, axis, Math.floor((i * extent) / bins), Math.ceil(((i + 1) * extent) / bins));
    return graph.reduce('ReduceMean', slice, [axis]);
  });
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export interface EnlargeAttributes extends Grid {
  readonly factor: number;
  /** Of what is stored in the graph: `<name>.scales`. */
  readonly name?: string;
}

const LINEAR = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };

/** Bilinear, to any grid, as PyTorch's align_corners=False. */
export const resize: Operator<Grid> = {
  name: 'resize',
  forward(graph, [x], { rows, columns }) {
    const shape = [...x.shape.slice(0, 2), rows, columns];
    const inputs = [x, undefined, undefined, graph.integers(shape)];
    return { output: graph.node('Resize', inputs, shape, { attributes: LINEAR }) };
  },
};

/** Bilinear, by a whole factor with clamped border, cropped to the grid. */
export const enlarge: Operator<EnlargeAttributes> = {
  name: 'enlarge',
  forward(graph, [x], { factor, rows, columns, name }) {
    const [n, channels, height, width] = x.shape;
    const whole = [n, channels, factor * height, factor * width];
    const scales = graph.constant(Float32Array.of(1, 1, factor, factor), [4], name && `${name}.scales`);
    const enlarged = graph.node('Resize', [x, undefined, scales], whole, { attributes: LINEAR });
    if (whole[2] === rows && whole[3] === columns) return { output: enlarged };
    const bounds = [
      [0, 0],
      [rows, columns],
      [2, 3],
    ].map((list) => graph.integers(list));
    return { output: graph.node('Slice', [enlarged, ...bounds], [n, channels, rows, columns]) };
  },
};
