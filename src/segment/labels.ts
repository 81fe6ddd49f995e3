/** Pixels of the full-size frame per cell of the scores that networks give. */
export const SCORE_STRIDE = 4;

/**
 * Full-size class ids from coarse class scores: bilinear enlargement by 4 (half-pixel centres, borders
 * repeated, as ONNX `Resize` does it with mode linear and half_pixel), cropped to `width × height`, and the
 * class of the largest score at each pixel, the lowest id where several tie.
 *
 * Exact without enlarging every class: between four coarse centres that agree on the class, every bilinear
 * mixture has that class too, so only cells whose corners disagree are interpolated, and there only classes
 * that can win: those whose largest corner reaches the largest of all classes' smallest corners.
 *
 * @param scores `classes × ceil(height / 4) × ceil(width / 4)`, logits or probabilities
 * @param out `height × width`, written and returned
 * @throws RangeError if sizes do not fit
 */
export function labelsFromScores(
  scores: Float32Array,
  classes: number,
  width: number,
  height: number,
  out: Uint8Array = new Uint8Array(width * height),
): Uint8Array {
  const rows = Math.ceil(height / SCORE_STRIDE);
  const columns = Math.ceil(width / SCORE_STRIDE);
  if (scores.length !== classes * rows * columns || out.length !== width * height) {
    throw new RangeError(
      `labelsFromScores: ${classes} classes at ${width}×${height} need ${classes * rows * columns} scores and ` +
        `${width * height} labels, got ${scores.length} and ${out.length}`,
    );
  }
  const winner = coarseLabels(scores, classes, rows * columns);
  const cell = new MixedCell(scores, classes, rows, columns, width, height, out);
  // Band i lies between the centres of coarse rows i − 1 and i: pixels 4i − 2 to 4i + 1.
  for (let band = 0; band <= rows; band++) {
    const upper = Math.max(band - 1, 0);
    const lower = Math.min(band, rows - 1);
    const firstRow = Math.max(4 * band - 2, 0);
    const endRow = Math.min(4 * band + 2, height);
    if (firstRow >= endRow) continue;
    fillRow(winner, upper * columns, columns, width, firstRow * width, out);
    for (let y = firstRow + 1; y < endRow; y++)
      out.copyWithin(y * width, firstRow * width, (firstRow + 1) * width);
    for (let side = 0; side <= columns; side++) {
      const left = Math.max(side - 1, 0);
      const right = Math.min(side, columns - 1);
      const label = winner[upper * columns + left];
      const same =
        winner[upper * columns + right] === label &&
        winner[lower * columns + left] === label &&
        winner[lower * columns + right] === label;
      if (!same) cell.interpolate(band, side);
    }
  }
  return out;
}

/** The class with the largest score of each coarse cell; the lowest id of several. */
function coarseLabels(scores: Float32Array, classes: number, cells: number): Uint8Array {
  const best = scores.slice(0, cells);
  const winner = new Uint8Array(cells);
  for (let c = 1; c < classes; c++) {
    const plane = c * cells;
    for (let i = 0; i < cells; i++) {
      const score = scores[plane + i];
      if (score > best[i]) {
        best[i] = score;
        winner[i] = c;
      }
    }
  }
  return winner;
}

/** One row of labels as if every cell agreed with its left neighbour's class; the others are redone after. */
function fillRow(
  winner: Uint8Array,
  coarse: number,
  columns: number,
  width: number,
  start: number,
  out: Uint8Array,
): void {
  for (let from = 0, column = 0; column < columns; ) {
    const label = winner[coarse + column];
    do column++;
    while (column < columns && winner[coarse + column] === label);
    const end = column === columns ? width : Math.min(4 * column + 2, width);
    out.fill(label, start + from, start + end);
    from = end;
  }
}

/** Interpolates the up to 4 × 4 pixels between four coarse centres and writes their classes. */
class MixedCell {
  readonly #candidates: Int32Array;
  readonly #corners: Float32Array;
  readonly #highest: Float32Array;
  readonly #best = new Float64Array(16);
  readonly #winner = new Uint8Array(16);

  constructor(
    readonly scores: Float32Array,
    readonly classes: number,
    readonly rows: number,
    readonly columns: number,
    readonly width: number,
    readonly height: number,
    readonly out: Uint8Array,
  ) {
    this.#candidates = new Int32Array(classes);
    this.#corners = new Float32Array(4 * classes);
    this.#highest = new Float32Array(classes);
  }

  /** @param band,side the cell: pixels from (4·side − 2, 4·band − 2) on */
  interpolate(band: number, side: number): void {
    const { columns, rows, width, height, out } = this;
    const top = Math.max(band - 1, 0) * columns;
    const bottom = Math.min(band, rows - 1) * columns;
    const left = Math.max(side - 1, 0);
    const right = Math.min(side, columns - 1);
    this.#mix(top + left, top + right, bottom + left, bottom + right);
    for (let i = 0; i < 4; i++) {
      const y = 4 * band - 2 + i;
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < 4; j++) {
        const x = 4 * side - 2 + j;
        if (x >= 0 && x < width) out[y * width + x] = this.#winner[4 * i + j];
      }
    }
  }

  /** Classes that can be largest somewhere between the four corners, in ascending order; returns how many. */
  #select(a: number, b: number, c: number, d: number): number {
    const { scores, classes, rows, columns } = this;
    const corners = this.#corners;
    const highest = this.#highest;
    const cells = rows * columns;
    let reach = Number.NEGATIVE_INFINITY;
    for (let k = 0, p = 0; k < classes; k++, p += cells) {
      const [sa, sb, sc, sd] = [scores[p + a], scores[p + b], scores[p + c], scores[p + d]];
      corners[4 * k] = sa;
      corners[4 * k + 1] = sb;
      corners[4 * k + 2] = sc;
      corners[4 * k + 3] = sd;
      highest[k] = Math.max(Math.max(sa, sb), Math.max(sc, sd));
      reach = Math.max(reach, Math.min(Math.min(sa, sb), Math.min(sc, sd)));
    }
    let count = 0;
    for (let k = 0; k < classes; k++) if (!(highest[k] < reach)) this.#candidates[count++] = k;
    return count;
  }

  /** Scores times 64 are sums of whole multiples of float32 values: in float64 no tie is made or lost. */
  #mix(a: number, b: number, c: number, d: number): void {
    const count = this.#select(a, b, c, d);
    const corners = this.#corners;
    const best = this.#best;
    const winner = this.#winner;
    for (let n = 0; n < count; n++) {
      const k = this.#candidates[n];
      const [sa, sb, sc, sd] = [corners[4 * k], corners[4 * k + 1], corners[4 * k + 2], corners[4 * k + 3]];
      for (let i = 0; i < 16; i += 4) {
        // The four pixels between two centres weigh the farther one by 1, 3, 5 and 7 eighths.
        const below = 1 + (i >> 1);
        const left = (8 - below) * sa + below * sc;
        const right = (8 - below) * sb + below * sd;
        for (let j = 0; j < 4; j++) {
          const value = (7 - 2 * j) * left + (1 + 2 * j) * right;
          if (n === 0 || value > best[i + j]) {
            best[i + j] = value;
            winner[i + j] = k;
          }
        }
      }
    }
  }
}
