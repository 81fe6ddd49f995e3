/**
 * Dense motion on the grid of a feature map: one vector a cell of `stride × stride` pixels.
 * Cell (i, j) covers pixels [j·stride, (j+1)·stride) × [i·stride, (i+1)·stride); the grid has
 * ceil(height / stride) rows and ceil(width / stride) columns.
 */
export interface MotionField {
  readonly rows: number;
  readonly columns: number;
  /** Pixels per cell. */
  readonly stride: number;
  /** Mv of Eq. 2 in pixels of the decoded frame, row-major, `rows × columns`; 0 in holes. */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  /** Share of the cell's area (inside the frame) that inter-predicted blocks cover, 0 (hole: intra) to 1. */
  readonly coverage: Float32Array;
}

/** Residual on the same grid: mean |decoded − motion-compensated previous| a cell, planes R, G, B, in 0..255. */
export interface ResidualMap {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  /** `3 × rows × columns`. */
  readonly data: Float32Array;
}
