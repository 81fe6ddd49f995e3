/** Converts decoded frames to one size and pixel format, by swscale. */

import { InputError } from '@twnet/core/errors';
import { AV_FRAME_FLAG_INTERLACED, type AVPixelFormat } from 'node-av/constants';
import { avGetPixFmtName, Frame, SoftwareScaleContext } from 'node-av/lib';
import { dropTags, dropUnknownTags } from './colour-tags.js';
import type { Scaler } from './scaling.js';

/** Full chroma interpolation: labels follow edges, and the cheap chroma path smears them. */
const SCALE_FLAGS = 'accurate_rnd+full_chroma_int+full_chroma_inp';

/** Size and pixel format of a frame. */
export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  readonly format: AVPixelFormat;
}

/**
 * Converts frames of any size, format, colour matrix and range to one format; holds native memory, so close it.
 *
 * The context is left uninitialised: swscale then sets itself up by each frame's own properties, colour matrix
 * and range included. (`sws_getContext` would take every source for BT.601, limited range.)
 */
export class FormatConverter implements Disposable {
  private readonly scaler = new SoftwareScaleContext();
  private readonly target: Frame;

  /**
   * @param name of the source, for errors
   * @param scaler where sizes differ, chroma's included
   */
  constructor(
    target: FrameFormat,
    private readonly name = 'a picture',
    scaler: Scaler = 'bicubic',
  ) {
    this.scaler.allocContext();
    this.scaler.setOption('sws_flags', `${scaler}+${SCALE_FLAGS}`);
    this.target = allocateFrame(target);
  }

  /** The frame returned is reused by the next call. */
  convertSync(source: Frame): Frame {
    this.target.makeWritable();
    dropRefusedFlags(source);
    let result = this.scaler.scaleFrameSync(this.target, source);
    if (result < 0) result = this.scaler.scaleFrameSync(this.target, dropTags(source));
    return this.checked(result, source);
  }

  /** The same on a thread of libuv's pool. */
  async convert(source: Frame): Promise<Frame> {
    this.target.makeWritable();
    dropRefusedFlags(source);
    let result = await this.scaler.scaleFrame(this.target, source);
    if (result < 0) result = await this.scaler.scaleFrame(this.target, dropTags(source));
    return this.checked(result, source);
  }

  [Symbol.dispose](): void {
    this.scaler.freeContext();
    this.target.free();
  }

  private checked(result: number, source: Frame): Frame {
    if (result < 0) throw unusableFormat(source, this.name);
    return this.target;
  }
}

/** The error for frames of a pixel format that FFmpeg cannot convert. */
export function unusableFormat({ format, width, height }: Frame, name: string): InputError {
  const pixelFormat = avGetPixFmtName(format as AVPixelFormat) ?? `number ${format}`;
  return new InputError(
    `${name}: frames of pixel format ${pixelFormat}, ${width}×${height}, cannot be converted; ` +
      'convert the video to another format (yuv420p) first',
  );
}

/** What frames say of themselves that swscale refuses, and that does not change what their samples mean. */
function dropRefusedFlags(frame: Frame): void {
  dropUnknownTags(frame);
  // Between interlaced and progressive frames swscale does not convert; lines are lines to whoever comes here.
  frame.clearFlags(AV_FRAME_FLAG_INTERLACED);
}

export function allocateFrame({ width, height, format }: FrameFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = format;
  frame.width = width;
  frame.height = height;
  if (frame.getBuffer(0) < 0) {
    frame.free();
    throw new Error(`no memory for a frame of ${width}×${height}`);
  }
  return frame;
}
