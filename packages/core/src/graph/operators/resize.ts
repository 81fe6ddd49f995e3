/** Bilinear resizing with half-pixel centres and clamped border. Input x [N, C, H, W], output [N, C, rows, columns]. */
import type { Operator } from '../graph.js';

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

/** To any grid, as PyTorch's align_corners=False. */
export const resize: Operator<Grid> = {
  name: 'resize',
  forward(graph, [x], { rows, columns }) {
    const shape = [...x.shape.slice(0, 2), rows, columns];
    const inputs = [x, undefined, undefined, graph.integers(shape)];
    return { output: graph.node('Resize', inputs, shape, { attributes: LINEAR }) };
  },
};

/** By a whole factor, cropped to the grid. */
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
