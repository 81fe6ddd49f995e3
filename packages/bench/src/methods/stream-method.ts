/** A way from a compressed stream to labels, whatever it is made of: what frontier, quality and agreement compare. */
import type { VideoFrame } from '@twnet/core/frame';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { Size } from '@twnet/node/video/scaling';

/**
 * 'per-frame': the key-frame network on every frame, at a share of its working size; 'point': key and non-key frames as
 * the model ships them; 'warp-alone': the same without correction or training; 'baseline': other people's methods.
 */
export type MethodKind = 'per-frame' | 'point' | 'warp-alone' | 'baseline';

/** A frame with its labels in the stream's own size, `height × width` of {@link StreamMethod.open}. */
export interface LabelledFrame extends Partial<Pick<SegmentedFrame, 'kind' | 'timings'>> {
  /** As the method saw it, at the size that it works on; its pixels are used again once the next one is asked for. */
  readonly frame: VideoFrame;
  readonly labels: Uint8Array;
}

export interface StreamMethod {
  /** Tells it from the others of its model, such as `per frame at 0.5` or `Layer 1`. */
  readonly name: string;
  /** The model's name. */
  readonly model: string;
  readonly kind: MethodKind;
  /** Share of the model's working size that its key-frame network sees. */
  readonly scale: number;
  /** Of a point: the name of its model's method that warps the same features and corrects nothing. */
  readonly uncorrected?: string;
  /** Opens its networks for streams whose frames have this size, pixels. */
  open(size: Size): Promise<OpenedMethod>;
}

export interface OpenedMethod {
  /** Segments a stream, a file or its bytes: frames in display order. It is closed when the loop ends or is left. */
  labels(stream: string | Uint8Array): AsyncIterable<LabelledFrame>;
  close(): Promise<void>;
}

/** Opens a method for as long as `use` runs. */
export async function withMethod<T>(
  method: StreamMethod,
  size: Size,
  use: (opened: OpenedMethod) => Promise<T>,
): Promise<T> {
  const opened = await method.open(size);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** The method's name with its model's, where there are several. */
export function fullName({ name, model }: Pick<StreamMethod, 'name' | 'model'>, several: boolean): string {
  return several ? `${model}: ${name}` : name;
}
