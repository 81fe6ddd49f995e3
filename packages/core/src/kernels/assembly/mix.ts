/** Two feature maps mixed cell by cell: see packages/core/src/motion/between.ts. */

/**
 * a[c, p] += share[p] · (b[c, p] − a[c, p]).
 *
 * @param a,b channels × cells float32; `a` is written
 * @param share cells float32
 */
export function mixCells(a: usize, b: usize, share: usize, channels: i32, cells: i32): void {
  const bytes = (<usize>cells) << 2;
  for (let c = 0; c < channels; c++, a += bytes, b += bytes) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const from = v128.load(a + at);
      const difference = f32x4.sub(v128.load(b + at), from);
      v128.store(a + at, f32x4.add(from, f32x4.mul(v128.load(share + at), difference)));
    }
    for (; at < bytes; at += 4) {
      const from = load<f32>(a + at);
      store<f32>(a + at, from + load<f32>(share + at) * (load<f32>(b + at) - from));
    }
  }
}
