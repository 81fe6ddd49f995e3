/** Strides at which networks keep context features. */
export type Stride = 4 | 8 | 16;

/** Rows and columns of the grid that covers `width × height` pixels with cells of `stride × stride`. */
export function gridSize(width: number, height: number, stride: number): { rows: number; columns: number } {
  return { rows: Math.ceil(height / stride), columns: Math.ceil(width / stride) };
}
