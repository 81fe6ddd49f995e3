import type { MotionField } from './field.js';
import { COPY, planWarp, UNIFORM, type WarpPlan } from './warp-plan.js';

/** Copies up to this many values by a loop; longer ones are worth the call of `copyWithin`'s kin. */
const LOOP_COPY = 48;

/**
 * Warps a feature map along the motion (the paper's Eq. 4): F̂[p] = F[p − Mv[p] / stride], bilinear between
 * cells, positions clamped to the border. Holes have vector 0 and keep what was there.
 *
 * Motion is constant over a block and often over many, so the cells are split into runs once and every channel
 * follows the same plan: whole-cell displacements are copied, equal fractional ones share their weights.
 *
 * @param features `channels × rows × columns` of the field's grid
 * @param out where to write; must not be `features`
 * @returns `out`, `channels × rows × columns`
 * @throws RangeError if the arrays do not have that size
 */
export function warpFeatures(
  features: Float32Array,
  channels: number,
  field: MotionField,
  out: Float32Array = new Float32Array(features.length),
): Float32Array {
  const cells = field.rows * field.columns;
  if (features.length !== channels * cells || out.length !== features.length) {
    throw new RangeError(
      `warpFeatures: ${channels} channels of ${field.rows} × ${field.columns} cells need ${channels * cells} ` +
        `values, got ${features.length} to read and ${out.length} to write`,
    );
  }
  const plan = planWarp(field);
  const { runs, runCount } = plan;
  for (let plane = 0; plane < out.length; plane += cells) {
    for (let r = 0; r < 3 * runCount; r += 3) {
      const first = runs[r + 1];
      const length = runs[r + 2];
      if (runs[r] === COPY) copyRun(features, out, plane + plan.source[first], plane + first, length);
      else if (runs[r] === UNIFORM) uniformRun(features, out, plane, first, length, plan);
      else gatherRun(features, out, plane, first, length, plan);
    }
  }
  return out;
}

function copyRun(features: Float32Array, out: Float32Array, from: number, to: number, length: number): void {
  if (length > LOOP_COPY) {
    out.set(features.subarray(from, from + length), to);
    return;
  }
  for (let i = 0; i < length; i++) out[to + i] = features[from + i];
}

/** Equal weights along the run: each column's vertical mixture serves two outputs. */
function uniformRun(
  features: Float32Array,
  out: Float32Array,
  plane: number,
  first: number,
  length: number,
  plan: WarpPlan,
): void {
  const wx = plan.weightX[first];
  const wy = plan.weightY[first];
  const below = plan.below;
  let s = plane + plan.source[first];
  const end = plane + first + length;
  let upper = features[s];
  let left = upper + wy * (features[s + below] - upper);
  // A run of several consecutive sources has a right-hand neighbour: the grid has more than one column.
  for (let o = plane + first; o < end; o++) {
    s++;
    upper = features[s];
    const next = upper + wy * (features[s + below] - upper);
    out[o] = left + wx * (next - left);
    left = next;
  }
}

/** Each cell with its own source and weights. */
function gatherRun(
  features: Float32Array,
  out: Float32Array,
  plane: number,
  first: number,
  length: number,
  plan: WarpPlan,
): void {
  const { source, weightX, weightY, right, below } = plan;
  for (let cell = first; cell < first + length; cell++) {
    const s = plane + source[cell];
    const wy = weightY[cell];
    const a = features[s];
    const b = features[s + right];
    const left = a + wy * (features[s + below] - a);
    const next = b + wy * (features[s + below + right] - b);
    out[plane + cell] = left + weightX[cell] * (next - left);
  }
}
