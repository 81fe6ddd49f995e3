/** Rigid placements: 3 × 4 matrices, row-major, that take a point's own coordinates to others. */
export type Pose = Float64Array;

/** Placed at (x, y, z), turned by `heading` (radians, 0 along z, positive to the right), then lengthened by `scale`. */
export function placed(x: number, y: number, z: number, heading = 0, scale = 1): Pose {
  const c = Math.cos(heading) * scale;
  const s = Math.sin(heading) * scale;
  return Float64Array.of(c, 0, s, x, 0, scale, 0, y, -s, 0, c, z);
}

/** Placed at (x, y, z), turned forwards by `swing` around the x axis, then sideways by `lean` around z. */
export function hinged(x: number, y: number, z: number, swing: number, lean = 0): Pose {
  const c = Math.cos(swing);
  const s = Math.sin(swing);
  const cl = Math.cos(lean);
  const sl = Math.sin(lean);
  return Float64Array.of(cl, -sl, 0, x, c * sl, c * cl, -s, y, s * sl, s * cl, c, z);
}

/** First `b`, then `a`. */
export function times(a: Pose, b: Pose, out: Pose = new Float64Array(12)): Pose {
  for (let r = 0; r < 12; r += 4) {
    const x = a[r];
    const y = a[r + 1];
    const z = a[r + 2];
    for (let c = 0; c < 4; c++) out[r + c] = x * b[c] + y * b[4 + c] + z * b[8 + c];
    out[r + 3] += a[r + 3];
  }
  return out;
}

/** From world to view coordinates for a camera that stands at (x, y, z): heading to the right, pitch upwards, roll. */
export function cameraPose(
  x: number,
  y: number,
  z: number,
  heading: number,
  pitch: number,
  roll: number,
): Pose {
  const [ch, sh] = [Math.cos(heading), Math.sin(heading)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  const right = [ch, 0, -sh];
  const ahead = [sh * cp, sp, ch * cp];
  const up = [-sh * sp, cp, -ch * sp];
  const rows = [
    right.map((value, i) => cr * value + sr * up[i]),
    up.map((value, i) => cr * value - sr * right[i]),
    ahead,
  ];
  return Float64Array.from(rows.flatMap((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]));
}
