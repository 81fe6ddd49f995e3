/** Which frames hold two fields, filmed at two moments. */
import {
  AV_CODEC_ID_CAVS,
  AV_CODEC_ID_DIRAC,
  AV_CODEC_ID_DNXHD,
  AV_CODEC_ID_DVVIDEO,
  AV_CODEC_ID_FFV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MJPEGB,
  AV_CODEC_ID_MPEG1VIDEO,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_PRORES,
  AV_CODEC_ID_RAWVIDEO,
  AV_CODEC_ID_UTVIDEO,
  AV_CODEC_ID_VC1,
  AV_CODEC_ID_VVC,
  AV_CODEC_ID_WMV3,
  AV_FIELD_BB,
  AV_FIELD_BT,
  AV_FIELD_TB,
  AV_FIELD_TT,
  AV_FIELD_UNKNOWN,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  type AVCodecID,
} from 'node-av/constants';
import type { CodecContext, Frame } from 'node-av/lib';

/** Codecs whose decoders say of each frame whether it is interlaced; of others only the container can. */
const DECODER_SAYS: ReadonlySet<AVCodecID> = new Set([
  AV_CODEC_ID_CAVS,
  AV_CODEC_ID_DIRAC,
  AV_CODEC_ID_DNXHD,
  AV_CODEC_ID_DVVIDEO,
  AV_CODEC_ID_FFV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MJPEGB,
  AV_CODEC_ID_MPEG1VIDEO,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_PRORES,
  AV_CODEC_ID_RAWVIDEO,
  AV_CODEC_ID_UTVIDEO,
  AV_CODEC_ID_VC1,
  AV_CODEC_ID_VVC,
  AV_CODEC_ID_WMV3,
]);

const INTERLACED: ReadonlySet<number> = new Set([AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT]);
/** As FFmpeg's decoder of raw video reads them. */
const TOP_FIRST: ReadonlySet<number> = new Set([AV_FIELD_TT, AV_FIELD_TB]);

/**
 * What a frame is: one picture; two fields; or one field alone, as HEVC codes them (a picture of half the height, one
 * moment of its own).
 */
export type Scan = 'progressive' | 'interlaced' | 'field';

export function scanOf(frame: Frame, codecId: AVCodecID, fieldOrder: number): Scan {
  if (!DECODER_SAYS.has(codecId) && INTERLACED.has(fieldOrder)) {
    frame.setFlags(AV_FRAME_FLAG_INTERLACED);
    if (TOP_FIRST.has(fieldOrder)) frame.setFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST);
  }
  if (!frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) return 'progressive';
  return codecId === AV_CODEC_ID_HEVC || codecId === AV_CODEC_ID_VVC ? 'field' : 'interlaced';
}

/** What the container says of a stream's fields, before anything is decoded (AV_FIELD_TT and so on). */
export function fieldOrderOf(decoder: CodecContext): number {
  return Number(decoder.getOption('field_order') ?? AV_FIELD_UNKNOWN);
}
