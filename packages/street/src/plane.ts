/** Values of vertices as functions of the screen. */

/** Values of a transformed vertex: view x, y, z; u, v; sun, ambient, mirror; previous view x, y, z. */
export const VERTEX = 11;

/** How a view maps view coordinates to the screen. */
export interface Lens {
  readonly width: number;
  readonly height: number;
  /** Pixels. */
  readonly focal: number;
  readonly centreX: number;
  readonly centreY: number;
}

/**
 * A vertex value over depth as a function of the screen, out[0] + out[1]·x + out[2]·y: perspective-correct once
 * divided by the inverse depth.
 */
export function plane(
  vertices: Float64Array,
  a: number,
  b: number,
  c: number,
  value: number,
  { focal, centreX, centreY }: Lens,
  out: Float64Array,
): void {
  const v = vertices;
  const wa = 1 / v[VERTEX * a + 2];
  const wb = 1 / v[VERTEX * b + 2];
  const wc = 1 / v[VERTEX * c + 2];
  const xa = centreX + focal * v[VERTEX * a] * wa;
  const ya = centreY - focal * v[VERTEX * a + 1] * wa;
  const xb = centreX + focal * v[VERTEX * b] * wb - xa;
  const yb = centreY - focal * v[VERTEX * b + 1] * wb - ya;
  const xc = centreX + focal * v[VERTEX * c] * wc - xa;
  const yc = centreY - focal * v[VERTEX * c + 1] * wc - ya;
  const va = v[VERTEX * a + value] * wa;
  const vb = v[VERTEX * b + value] * wb - va;
  const vc = v[VERTEX * c + value] * wc - va;
  const inverse = 1 / (xb * yc - xc * yb);
  out[1] = (vb * yc - vc * yb) * inverse;
  out[2] = (vc * xb - vb * xc) * inverse;
  out[0] = va - out[1] * xa - out[2] * ya;
}

/** The inverse depth itself as a function of the screen. */
export function inverseDepthPlane(
  v: Float64Array,
  a: number,
  b: number,
  c: number,
  { focal, centreX, centreY }: Lens,
  out: Float64Array,
): void {
  const wa = 1 / v[VERTEX * a + 2];
  const wb = 1 / v[VERTEX * b + 2] - wa;
  const wc = 1 / v[VERTEX * c + 2] - wa;
  const xa = centreX + focal * v[VERTEX * a] * wa;
  const ya = centreY - focal * v[VERTEX * a + 1] * wa;
  const xb = centreX + (focal * v[VERTEX * b]) / v[VERTEX * b + 2] - xa;
  const yb = centreY - (focal * v[VERTEX * b + 1]) / v[VERTEX * b + 2] - ya;
  const xc = centreX + (focal * v[VERTEX * c]) / v[VERTEX * c + 2] - xa;
  const yc = centreY - (focal * v[VERTEX * c + 1]) / v[VERTEX * c + 2] - ya;
  const inverse = 1 / (xb * yc - xc * yb);
  out[1] = (wb * yc - wc * yb) * inverse;
  out[2] = (wc * xb - wb * xc) * inverse;
  out[0] = wa - out[1] * xa - out[2] * ya;
}
