/** What the page is sent of a frame. */
import { labelAreas } from '@twnet/core/segment/class-areas';
import { residualBytes, shareBytes } from '@twnet/core/segment/map-bytes';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { equalShare } from '../player/equal-share.js';
import type { ShownFrame } from '../shown.js';

interface Shown {
  readonly index: number;
  readonly type: ShownFrame['type'];
  /** The same frame by the per-frame network. */
  readonly alone?: SegmentedFrame | undefined;
  readonly classes: number;
  readonly grid: { readonly rows: number; readonly columns: number };
}

export function shownFrame(segmented: SegmentedFrame, shown: Shown): ShownFrame {
  const { frame, labels, kind, distance, timings, field, residual, attention, scores } = segmented;
  const { index, type, alone, classes, grid } = shown;
  const cells = field ? { rows: field.rows, columns: field.columns } : undefined;
  return {
    ...{ index, time: frame.timestamp, type, kind, distance, pixels: frame.pixels, labels },
    areas: labelAreas(labels),
    stages: timings,
    ...(alone
      ? {
          alone: {
            labels: alone.labels,
            stages: alone.timings,
            equal: equalShare(labels, alone.labels),
          },
        }
      : {}),
    ...(field ? { vectors: { ...cells!, stride: field.stride, dx: field.dx, dy: field.dy } } : {}),
    ...(residual && cells ? { residual: { ...cells, values: residualBytes(residual) } } : {}),
    ...(attention && cells ? { attention: { ...cells, values: shareBytes(attention) } } : {}),
    ...(scores ? { confidence: { ...grid, values: confidence(scores, classes) } } : {}),
  };
}

/** What can be handed over instead of copied. */
export function transferOf({ pixels, labels, alone, vectors, confidence }: ShownFrame): ArrayBuffer[] {
  const arrays = [pixels, labels, alone?.labels, vectors?.dx, vectors?.dy, confidence?.values];
  const buffers = arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
  return [...new Set(buffers)];
}

/** The likelihood of the likeliest class, cell by cell. */
function confidence(scores: Float32Array, classes: number): Uint8Array {
  const cells = scores.length / classes;
  const values = new Uint8Array(cells);
  for (let i = 0; i < cells; i++) {
    let largest = scores[i];
    for (let c = 1; c < classes; c++) largest = Math.max(largest, scores[c * cells + i]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(scores[c * cells + i] - largest);
    values[i] = Math.round(255 / sum);
  }
  return values;
}
