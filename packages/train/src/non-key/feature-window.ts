/** Windows cut out of what a frame has on the grid of the context feature. */
import type { MotionField } from '@twnet/core/motion/field';

/** A rectangle of cells. */
export interface FeatureWindow {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** The window of `planes × grid.rows × grid.columns` values, plane after plane. */
export function cutPlanes(
  values: Float32Array,
  grid: { readonly rows: number; readonly columns: number },
  { top, left, rows, columns }: FeatureWindow,
): Float32Array {
  if (rows === grid.rows && columns === grid.columns) return values;
  const cells = grid.rows * grid.columns;
  const planes = values.length / cells;
  const out = new Float32Array(planes * rows * columns);
  let at = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++, at += columns) {
      const from = plane * cells + (top + row) * grid.columns + left;
      out.set(values.subarray(from, from + columns), at);
    }
  }
  return out;
}

/** The motion in a window; a warp along it clamps to the window's border. */
export function cutField(field: MotionField, window: FeatureWindow): MotionField {
  const cut = (values: Float32Array): Float32Array => cutPlanes(values, field, window);
  const { rows, columns } = window;
  return { ...field, rows, columns, dx: cut(field.dx), dy: cut(field.dy), coverage: cut(field.coverage) };
}
