/** Frames of a segmented clip as what the viewer shows. */
import { deflateRawSync } from 'node:zlib';
import { residualBytes, shareBytes } from '@twnet/core/segment/map-bytes';
import type { RecordedFrame, Recording } from '@twnet/core/segment/recording';
import { RECORDED_VECTOR_UNIT } from '@twnet/core/segment/recording';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { pictureUri } from './pictures.js';

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
    ...(field && residual ? { residual: base64(residualBytes(residual)) } : {}),
    ...(field && attention ? { attention: base64(shareBytes(attention)) } : {}),
  };
}

const packed = (labels: Uint8Array): string => deflateRawSync(labels, { level: 9 }).toString('base64');

const quarters = (values: Float32Array): number[] =>
  Array.from(values, (value) => Math.round(RECORDED_VECTOR_UNIT * value));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
