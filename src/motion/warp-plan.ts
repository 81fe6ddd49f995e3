import type { MotionField } from './field.js';

/** Kinds of runs: whole-cell displacement; equal fractional displacement; each cell on its own. */
export const COPY = 0;
export const UNIFORM = 1;
export const GATHER = 2;

/** Shorter runs of equal vectors are not worth their set-up: their cells join the neighbouring GATHER run. */
const SHORTEST_RUN = 8;

/** How to make one plane of a warped feature map; the same for every channel. */
export interface WarpPlan {
  /** Runs as flat (kind, first cell, length), `runCount` of them, in order, covering every cell. */
  readonly runs: Int32Array;
  readonly runCount: number;
  /** Each cell's upper-left source cell. Outside COPY runs its right and lower neighbours exist as well. */
  readonly source: Int32Array;
  /** Weights of the right-hand and of the lower neighbours, 0..1. */
  readonly weightX: Float32Array;
  readonly weightY: Float32Array;
  /** Distance to the right-hand and to the lower neighbour, cells; 0 on a grid of one column or one row. */
  readonly right: number;
  readonly below: number;
}

/** Sources and weights of every cell of a warp along `field`, grouped into runs. */
export function planWarp(field: MotionField): WarpPlan {
  const { rows, columns, stride, dx, dy } = field;
  const cells = rows * columns;
  const sources: Sources = {
    source: new Int32Array(cells),
    weightX: new Float32Array(cells),
    weightY: new Float32Array(cells),
    right: columns > 1 ? 1 : 0,
    below: rows > 1 ? columns : 0,
    rows,
    columns,
  };
  const scale = 1 / stride;
  const lastX = columns - 1;
  const lastY = rows - 1;
  for (let row = 0, cell = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, cell++) {
      const x = Math.min(Math.max(column - dx[cell] * scale, 0), lastX);
      const y = Math.min(Math.max(row - dy[cell] * scale, 0), lastY);
      const x0 = x | 0;
      const y0 = y | 0;
      sources.source[cell] = y0 * columns + x0;
      sources.weightX[cell] = x - x0;
      sources.weightY[cell] = y - y0;
      if (x !== x0 || y !== y0) moveOffBorder(sources, cell);
    }
  }
  return { ...sources, ...groupRuns(sources) };
}

interface Sources extends Omit<WarpPlan, 'runs' | 'runCount'> {
  rows: number;
  columns: number;
}

/** On the far borders, where the next neighbour is missing, the last cell becomes the neighbour, with weight 1. */
function moveOffBorder(sources: Sources, cell: number): void {
  const { source, weightX, weightY, right, below, rows, columns } = sources;
  if (right !== 0 && source[cell] % columns === columns - 1) {
    source[cell] -= right;
    weightX[cell] = 1;
  }
  if (below !== 0 && source[cell] >= (rows - 1) * columns) {
    source[cell] -= below;
    weightY[cell] = 1;
  }
}

/** Splits the cells into runs whose sources are consecutive and whose weights are equal, and the rest. */
function groupRuns(sources: Sources): { runs: Int32Array; runCount: number } {
  const { source, weightX, weightY } = sources;
  const cells = source.length;
  const runs = new Int32Array(3 * cells);
  let runCount = 0;
  for (let first = 0; first < cells; ) {
    const wx = weightX[first];
    const wy = weightY[first];
    let end = first + 1;
    while (end < cells && source[end] === source[end - 1] + 1 && weightX[end] === wx && weightY[end] === wy) {
      end++;
    }
    const whole = wx === 0 && wy === 0;
    // On a grid of one column, consecutive sources lie below one another and have no right-hand neighbour.
    const short = end - first < SHORTEST_RUN || (sources.right === 0 && !whole);
    if (short && whole) for (let cell = first; cell < end; cell++) moveOffBorder(sources, cell);
    if (short && runCount > 0 && runs[3 * runCount - 3] === GATHER) {
      runs[3 * runCount - 1] += end - first;
    } else {
      runs[3 * runCount] = short ? GATHER : whole ? COPY : UNIFORM;
      runs[3 * runCount + 1] = first;
      runs[3 * runCount + 2] = end - first;
      runCount++;
    }
    first = end;
  }
  return { runs, runCount };
}
