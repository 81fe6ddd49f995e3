/** A rectangle of a frame, pixels. It may reach past the right and lower borders. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts a region out of planar pixels, `3 × height × width`; past the borders the last pixels are repeated. */
export function cropPlanes(
  frame: { readonly width: number; readonly height: number; readonly pixels: Uint8Array },
  region: Region,
): Uint8Array {
  if (region.width === frame.width && region.height === frame.height) return frame.pixels;
  const out = new Uint8Array(3 * region.width * region.height);
  const inside = Math.min(region.width, frame.width - region.x);
  for (let row = 0; row < 3 * region.height; row++) {
    const plane = Math.floor(row / region.height);
    const y = Math.min(region.y + (row % region.height), frame.height - 1);
    const from = (plane * frame.height + y) * frame.width + region.x;
    const to = row * region.width;
    out.set(frame.pixels.subarray(from, from + inside), to);
    if (inside < region.width) out.fill(out[to + inside - 1], to + inside, to + region.width);
  }
  return out;
}
