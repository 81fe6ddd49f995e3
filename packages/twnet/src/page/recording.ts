/** Frames of a segmented clip as what the viewer shows. */
import { deflateRawSync } from 'node:zlib';
import type { RecordedFrame, Recording } from '@twnet/core/segment/recording';
import { RECORDED_VECTOR_UNIT } from '@twnet/core/segment/recording';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { pictureUri } from './pictures.js';

/** Residuals from here on are white; most lie far below. */
const WHITE_RESIDUAL = 96;

export interface FrameToRecord
  extends Pick<RecordedFrame, 'type' | 'kind' | 'distance' | 'timings'>,
    Partial<Pick<SegmentedFrame, 'field' | 'residual' | 'attention'>> {
  /** Planar RGB, `3 × height × width`. */
  readonly pixels: Uint8Array;
  /** Of each way, `height × width`. */
  readonly labels: readonly Uint8Array[];
  readonly truth?: Uint8Array | undefined;
}

export async function recordFrame(
  { pixels, labels, truth, field, residual, attention, ...place }: FrameToRecord,
  { width, height }: Pick<Recording, 'width' | 'height'>,
): Promise<RecordedFrame> {
  const { type, kind, distance, timings } = place;
  const cells = field ? field.rows * field.columns : 0;
  return {
    ...{ type, kind, distance, timings },
    picture: await pictureUri(pixels, width, height),
    labels: labels.map(packed),
    ...(truth ? { truth: packed(truth) } : {}),
    ...(field
      ? {
          grid: { rows: field.rows, columns: field.columns, stride: field.stride },
          motion: { dx: quarters(field.dx), dy: quarters(field.dy) },
        }
      : {}),
    ...(field && residual ? { residual: mapOf(brightest(residual.data, cells), WHITE_RESIDUAL) } : {}),
    ...(field && attention ? { attention: mapOf(attention, 1) } : {}),
  };
}

const packed = (labels: Uint8Array): string => deflateRawSync(labels, { level: 9 }).toString('base64');

const quarters = (values: Float32Array): number[] =>
  Array.from(values, (value) => Math.round(RECORDED_VECTOR_UNIT * value));

/** A byte a cell: `highest` and above 255. */
const mapOf = (values: Float32Array, highest: number): string =>
  Buffer.from(
    Uint8Array.from(values, (value) => Math.min(255, Math.max(0, (255 * value) / highest))),
  ).toString('base64');

/** The largest of the three planes, cell by cell. */
const brightest = (planes: Float32Array, cells: number): Float32Array =>
  Float32Array.from({ length: cells }, (_, i) =>
    Math.max(planes[i], planes[i + cells], planes[i + 2 * cells]),
  );
