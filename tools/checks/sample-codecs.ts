/** The codecs, containers and variants of the sample matrix. */

import type { Fields } from '@twnet/testing/made-stream';
import {
  AV_PIX_FMT_BGR0,
  AV_PIX_FMT_RGB8,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_UYVY422,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUVJ420P,
  type AVPixelFormat,
} from 'node-av/constants';

export interface SampleCodec {
  /** FFmpeg's name of its encoder. */
  readonly encoder: string;
  readonly pixelFormat?: AVPixelFormat;
  readonly size?: readonly [number, number];
  readonly options?: Readonly<Record<string, string | number>>;
  /** Options for interlaced frames; undefined where the encoder codes none. */
  readonly interlaced?: Readonly<Record<string, string | number>>;
  /** The field that comes first; default the top one. */
  readonly first?: Fields;
}

const QUIET = { 'x264-params': 'log-level=none', preset: 'veryfast' };
const QUIET_265 = { 'x265-params': 'log-level=none', preset: 'ultrafast' };
const FIELDS = { flags: '+ildct+ilme' };

export const CODECS: readonly SampleCodec[] = [
  { encoder: 'libx264', options: QUIET, interlaced: { 'x264-params': 'tff=1:log-level=none' } },
  { encoder: 'libx265', options: QUIET_265, interlaced: { 'x265-params': 'interlace=tff:log-level=none' } },
  { encoder: 'mpeg4', interlaced: FIELDS },
  { encoder: 'mpeg2video', interlaced: FIELDS },
  { encoder: 'mpeg1video' },
  { encoder: 'libsvtav1', options: { preset: 12 } },
  { encoder: 'libvpx', options: { 'cpu-used': 8 } },
  { encoder: 'libvpx-vp9', options: { 'cpu-used': 8 } },
  { encoder: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P },
  { encoder: 'prores_ks', pixelFormat: AV_PIX_FMT_YUV422P10LE, interlaced: { flags: '+ildct' } },
  { encoder: 'dnxhd', pixelFormat: AV_PIX_FMT_YUV422P, size: [1280, 720], options: { b: '90M' } },
  { encoder: 'dvvideo', size: [720, 576], interlaced: {}, first: 'bottom' },
  { encoder: 'ffv1', interlaced: {} },
  { encoder: 'huffyuv', pixelFormat: AV_PIX_FMT_YUV422P },
  { encoder: 'utvideo', pixelFormat: AV_PIX_FMT_YUV422P },
  { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_UYVY422 },
  { encoder: 'v210', pixelFormat: AV_PIX_FMT_YUV422P10LE },
  { encoder: 'jpeg2000', pixelFormat: AV_PIX_FMT_YUV420P },
  { encoder: 'png', pixelFormat: AV_PIX_FMT_RGB24 },
  { encoder: 'qtrle', pixelFormat: AV_PIX_FMT_RGB24 },
  { encoder: 'gif', pixelFormat: AV_PIX_FMT_RGB8 },
  { encoder: 'h263', size: [176, 144] },
  { encoder: 'flv' },
  { encoder: 'msmpeg4' },
  { encoder: 'wmv2' },
  { encoder: 'magicyuv', pixelFormat: AV_PIX_FMT_YUV422P },
  { encoder: 'flashsv', pixelFormat: AV_PIX_FMT_BGR0 },
  { encoder: 'libtheora' },
];

/** Endings, and FFmpeg's names of the muxers. */
export const CONTAINERS: Readonly<Record<string, string>> = {
  mp4: 'mp4',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'webm',
  avi: 'avi',
  ts: 'mpegts',
  mpg: 'mpeg',
  flv: 'flv',
  nut: 'nut',
  mxf: 'mxf',
  wmv: 'asf',
  ogv: 'ogg',
  ivf: 'ivf',
  dv: 'dv',
  gif: 'gif',
};

export interface Variant {
  readonly name: string;
  readonly fields?: boolean;
  readonly turned?: boolean;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'plain' },
  { name: 'interlaced', fields: true },
  { name: 'turned', turned: true },
];
