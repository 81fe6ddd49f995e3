/** Sets up a stream's decoder so that it gives its vectors, and rightly. */

import { InputError } from '@twnet/core/errors';
import {
  AV_CODEC_FLAG_UNALIGNED,
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  type AVCodecID,
  FF_THREAD_FRAME,
} from 'node-av/constants';
import { CodecContext } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import { MOST_PIXELS } from './most-pixels.js';

const EXPORTS_VECTORS: ReadonlySet<AVCodecID> = new Set([
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_MPEG2VIDEO,
]);

/** Whether FFmpeg's decoder of a codec hands out motion vectors. */
export function exportsVectors(codec: AVCodecID): boolean {
  return EXPORTS_VECTORS.has(codec);
}

/**
 * Whether the vectors of a stream's B-frames are wrong: FFmpeg's MPEG-4 decoder does not keep them and hands out
 * zeros (measured with FFmpeg 8.1 on a texture of known motion). A frame must have been decoded.
 *
 * A lesser gap stays: where frames are reordered, the last P-frame of MPEG-4 and MPEG-2 comes without vectors.
 */
export function losesVectorsOfB(decoder: CodecContext): boolean {
  return decoder.codecId === AV_CODEC_ID_MPEG4 && decoder.hasBFrames > 0;
}

/**
 * @param pictures whether anybody looks at the decoded pictures. Where nobody does, steps are left out that vectors do
 *   not depend on; the vectors that a decoder makes up for damaged blocks may then be others.
 */
export async function openDecoder(
  { stream, decoder }: OpenedStream,
  name: string,
  pictures: boolean,
): Promise<CodecContext> {
  const context = new CodecContext();
  context.allocContext3(decoder);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  context.setOption('max_pixels', String(MOST_PIXELS));
  // Else the left edge is moved to where memory is aligned, and frames get wider than the stream says.
  context.setFlags(AV_CODEC_FLAG_UNALIGNED);
  if (exportsVectors(stream.codecpar.codecId)) {
    context.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
    // `cropDecoded` does it, which tells by how much: vectors are given in the uncropped picture.
    context.setOption('apply_cropping', '0');
    // Frame threads give wrong vectors with H.264's B-frames, differently from run to run; slice threads turn
    // its error resilience off, and with it the flags that tell of damaged frames.
    context.threadCount = 1;
    if (!pictures) for (const step of ['skip_loop_filter', 'skip_idct']) context.setOption(step, 'all');
  } else {
    context.threadCount = 2;
    context.threadType = FF_THREAD_FRAME;
  }
  if ((await context.open2(decoder, null)) < 0) {
    context.freeContext();
    throw new InputError(`${name}: its video decoder cannot be opened (damaged or unsupported stream)`);
  }
  return context;
}
