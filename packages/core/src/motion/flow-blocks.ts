import type { BlockMotion } from '../frame.js';
import type { MotionField } from './field.js';
import { fieldBlocks } from './field-blocks.js';
import { gridSize } from './grid.js';

/** Pixels a block side: the finest grid that features are warped on, so that a cell's mean loses nothing. */
const BLOCK = 4;

/** Dense optical flow from a picture to the one before it, on a grid that lies over the frame. */
export interface DenseFlow {
  readonly rows: number;
  readonly columns: number;
  /** Displacement of the cell in row r and column c: x at `data[(r · columns + c) · step]`, y `offset` behind it. */
  readonly data: Float32Array;
  readonly step: number;
  readonly offset: number;
  /** Frame pixels a cell of the flow, across and down. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Frame pixels a unit of the displacement, across and down. */
  readonly unitX: number;
  readonly unitY: number;
}

/**
 * Dense flow as block motion, 4 × 4 pixels a block, so that whatever takes a codec's motion takes it too. A flow
 * from the current picture to the previous one points to where content came from: Mv (Eq. 2) is its negative.
 *
 * @param width frame width, pixels; `height` likewise
 */
export function flowBlocks(flow: DenseFlow, width: number, height: number): BlockMotion {
  const { rows, columns } = gridSize(width, height, BLOCK);
  const field: MotionField = {
    rows,
    columns,
    stride: BLOCK,
    dx: new Float32Array(rows * columns),
    dy: new Float32Array(rows * columns),
    coverage: new Float32Array(rows * columns).fill(1),
  };
  const across = cellsOf(columns, width, flow.cellWidth, flow.columns);
  const down = cellsOf(rows, height, flow.cellHeight, flow.rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      let x = 0;
      let y = 0;
      for (let r = down.first[row]; r < down.end[row]; r++) {
        for (let c = across.first[column]; c < across.end[column]; c++) {
          const at = (r * flow.columns + c) * flow.step;
          x += flow.data[at];
          y += flow.data[at + flow.offset];
        }
      }
      const count = (down.end[row] - down.first[row]) * (across.end[column] - across.first[column]);
      field.dx[i] = (-x / count) * flow.unitX;
      field.dy[i] = (-y / count) * flow.unitY;
    }
  }
  return fieldBlocks(field);
}

/** The flow's cells whose centres lie in each block; the cell around the block's centre where there are none. */
function cellsOf(blocks: number, extent: number, cell: number, cells: number) {
  const first = new Int32Array(blocks);
  const end = new Int32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const from = block * BLOCK;
    const to = Math.min(extent, from + BLOCK);
    first[block] = Math.min(cells - 1, Math.ceil(from / cell - 0.5));
    end[block] = Math.min(cells, Math.ceil(to / cell - 0.5));
    if (end[block] > first[block]) continue;
    first[block] = Math.min(cells - 1, Math.floor((from + to) / 2 / cell));
    end[block] = first[block] + 1;
  }
  return { first, end };
}
