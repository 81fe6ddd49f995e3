/** Sets up a stream's decoder so that it gives its vectors, and rightly. */
import {
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  type AVCodecID,
  FF_THREAD_FRAME,
  FF_THREAD_SLICE,
} from 'node-av/constants';
import { CodecContext } from 'node-av/lib';
import { InputError } from '../errors.js';
import type { OpenedStream } from './demux.js';

const EXPORTS_VECTORS: ReadonlySet<AVCodecID> = new Set([
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_MPEG2VIDEO,
]);

/** A damaged header may claim any size; 8192 × 8192 is more than 8K video has. */
const MOST_PIXELS = 8192 * 8192;

/** Whether FFmpeg's decoder of a codec hands out motion vectors. */
export function exportsVectors(codec: AVCodecID): boolean {
  return EXPORTS_VECTORS.has(codec);
}

export async function openDecoder({ stream, decoder }: OpenedStream, name: string): Promise<CodecContext> {
  const context = new CodecContext();
  context.allocContext3(decoder);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  context.threadCount = 2;
  context.setOption('max_pixels', String(MOST_PIXELS));
  if (exportsVectors(stream.codecpar.codecId)) {
    context.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
    // Frame threads give wrong vectors with H.264's B-frames, differently from run to run.
    context.threadType = FF_THREAD_SLICE;
  } else {
    context.threadType = FF_THREAD_FRAME;
  }
  if ((await context.open2(decoder, null)) < 0) {
    context.freeContext();
    throw new InputError(`${name}: its video decoder cannot be opened (damaged or unsupported stream)`);
  }
  return context;
}
