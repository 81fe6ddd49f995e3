import { scratch as scratchKernels } from '../kernels/kernels.js';
import { enlargeLabels, type LabelStride, labelScratch } from '../kernels/labels.js';

/** Labels on either side of a cell of the scores that networks give, unless they say otherwise. */
export const SCORE_STRIDE = 4;

/**
 * Full-size class ids from coarse class scores: bilinear enlargement by `stride` (half-pixel centres, borders
 * repeated, as ONNX `Resize` does it with mode linear and half_pixel), cropped to `width × height`, and the
 * class of the largest score at each pixel, the lowest id where several tie.
 *
 * Exact without enlarging every class: between four coarse centres that agree on the class, every bilinear
 * mixture has that class too, so only cells whose corners disagree are interpolated, and there only classes
 * that can win: those whose largest corner reaches the largest of all classes' smallest corners.
 *
 * @param scores `classes × ceil(height / stride) × ceil(width / stride)`, logits or probabilities; at most 255 classes
 * @param out `height × width`, written and returned
 * @throws RangeError if sizes do not fit
 */
export function labelsFromScores(
  scores: Float32Array,
  classes: number,
  width: number,
  height: number,
  out: Uint8Array = new Uint8Array(width * height),
  stride: LabelStride = SCORE_STRIDE,
): Uint8Array {
  const rows = Math.ceil(height / stride);
  const columns = Math.ceil(width / stride);
  const cells = rows * columns;
  if (classes > 255 || scores.length !== classes * cells || out.length !== width * height) {
    throw new RangeError(
      `labelsFromScores: ${classes} classes at ${width}×${height} need ${classes * cells} scores and ` +
        `${width * height} labels, got ${scores.length} and ${out.length}`,
    );
  }
  const kernels = scratchKernels();
  const [from, scratch, to] = kernels.layOut(
    scores.byteLength,
    labelScratch(width, height, stride),
    out.length,
  );
  kernels.floats(from, scores.length).set(scores);
  enlargeLabels(kernels, { scores: from, classes, width, height, stride, scratch, out: to });
  out.set(kernels.bytes(to, out.length));
  return out;
}
