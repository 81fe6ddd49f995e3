/** The containers that videos are written to: by ending, what they take and how they hold time. */

import { InputError } from '@twnet/core/errors';
import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_ALAC,
  AV_CODEC_ID_DTS,
  AV_CODEC_ID_EAC3,
  AV_CODEC_ID_FLAC,
  AV_CODEC_ID_MP2,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PCM_S16LE,
  AV_CODEC_ID_PCM_S24LE,
  AV_CODEC_ID_PCM_U8,
  AV_CODEC_ID_VORBIS,
  type AVCodecID,
} from 'node-av/constants';

/** Codecs that videos are written in: the paper's, and for looking at. */
export type VideoCodec = 'mpeg4' | 'h264' | 'vp9' | 'gif' | 'apng' | 'webp';

export interface Container {
  /** As sentences name it. */
  readonly name: string;
  /** FFmpeg's muxer, where the ending alone would not do. */
  readonly muxer?: string;
  /** What it is given, the first where nothing is asked for; none: only FFmpeg's encoders by name. */
  readonly codecs: readonly VideoCodec[];
  /**
   * How frames are timed: by 'stamps' as fine as the stream's (a millisecond or finer), by stamps of so many a second,
   * by a 'rate' whose frames may be missing, or 'counted': frames alone, at one rate.
   */
  readonly times: 'stamps' | 'rate' | 'counted' | { readonly perSecond: number; readonly shortest: number };
  /** Audio codecs that can be copied into it. */
  readonly audio: 'any' | readonly AVCodecID[];
  /** Most audio tracks; default any number. */
  readonly tracks?: number;
  /** Whether it can say that the first of the audio is not to be heard. */
  readonly primes?: boolean;
  /** Whether it can say that the last row or column is not to be shown. */
  readonly crops?: boolean;
  /** Options of its muxer. */
  readonly options?: Readonly<Record<string, string>>;
}

const MP4_AUDIO = [
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_MP2,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_EAC3,
  AV_CODEC_ID_ALAC,
  AV_CODEC_ID_FLAC,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_DTS,
];
const PCM = [AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_S24LE, AV_CODEC_ID_PCM_U8];
const TS_AUDIO = [
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_MP2,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_EAC3,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_DTS,
];

const MP4: Container = {
  name: 'MP4',
  muxer: 'mp4',
  codecs: ['h264', 'mpeg4', 'vp9'],
  times: 'stamps',
  audio: MP4_AUDIO,
  primes: true,
  crops: true,
};
const MPEG_TS: Container = {
  name: 'MPEG-TS',
  muxer: 'mpegts',
  codecs: ['h264', 'mpeg4'],
  times: 'stamps',
  audio: TS_AUDIO,
};
const RAW = { codecs: [], times: 'counted', audio: [] } as const;

const CONTAINERS: Readonly<Record<string, Container>> = {
  mp4: MP4,
  m4v: { ...MP4, codecs: ['h264', 'mpeg4'] },
  mov: { ...MP4, name: 'MOV', muxer: 'mov', codecs: ['h264', 'mpeg4'], audio: [...MP4_AUDIO, ...PCM] },
  mkv: { name: 'Matroska', codecs: ['h264', 'mpeg4', 'vp9'], times: 'stamps', audio: 'any', crops: true },
  webm: {
    name: 'WebM',
    codecs: ['vp9'],
    times: 'stamps',
    audio: [AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS],
  },
  ts: MPEG_TS,
  mts: MPEG_TS,
  m2ts: { ...MPEG_TS, options: { mpegts_m2ts_mode: '1' } },
  avi: {
    name: 'AVI',
    codecs: ['h264', 'mpeg4'],
    times: 'rate',
    audio: [AV_CODEC_ID_MP3, AV_CODEC_ID_MP2, AV_CODEC_ID_AC3, ...PCM],
    tracks: 1,
  },
  nut: { name: 'NUT', codecs: ['h264', 'mpeg4'], times: 'stamps', audio: 'any' },
  flv: {
    name: 'FLV',
    codecs: ['h264'],
    times: 'stamps',
    audio: [AV_CODEC_ID_AAC, AV_CODEC_ID_MP3],
    tracks: 1,
  },
  gif: {
    name: 'GIF',
    codecs: ['gif'],
    // Browsers show a frame of less than two hundredths for ten.
    times: { perSecond: 100, shortest: 2 },
    audio: [],
  },
  apng: {
    name: 'APNG',
    muxer: 'apng',
    codecs: ['apng'],
    times: 'stamps',
    audio: [],
    options: { plays: '0' },
  },
  webp: { name: 'WebP', muxer: 'webp', codecs: ['webp'], times: 'stamps', audio: [], options: { loop: '0' } },
  // Raw streams hold frames and nothing of when they are shown.
  h264: { ...RAW, name: 'a raw H.264 stream', codecs: ['h264'] },
  '264': { ...RAW, name: 'a raw H.264 stream', codecs: ['h264'] },
  hevc: { ...RAW, name: 'a raw HEVC stream' },
  obu: { ...RAW, name: 'a raw AV1 stream' },
  m2v: { ...RAW, name: 'a raw MPEG-2 stream' },
  ivf: { ...RAW, name: 'IVF', times: 'rate' },
  mpg: { name: 'MPEG-PS', codecs: [], times: 'stamps', audio: [AV_CODEC_ID_MP2] },
};

/** Endings for people, as sentences list them. */
const LISTED = '.mp4, .mov, .mkv, .webm, .avi, .ts, .gif, .webp or .apng';

/** The ending of a file's name in lower case, without its dot. */
export const endingOf = (path: string): string => /\.([^./\\]+)$/.exec(path)?.[1].toLowerCase() ?? '';

/**
 * The container that the ending of `output` asks for.
 *
 * @throws InputError where no video is written to such a file
 */
export function containerOf(output: string): Container {
  const ending = endingOf(output);
  const container = Object.hasOwn(CONTAINERS, ending) ? CONTAINERS[ending] : undefined;
  if (!container) throw new InputError(`${output}: no video format has this ending; use ${LISTED}`);
  return container;
}

/**
 * The codec that a video is written in: the one asked for, else the one that the container is best looked at in.
 *
 * @throws InputError where the container does not take it
 */
export function codecFor(output: string, wanted: VideoCodec | 'auto'): VideoCodec {
  const { name, codecs } = containerOf(output);
  const codec = wanted === 'auto' ? codecs[0] : codecs.find((known) => known === wanted);
  if (codec !== undefined) return codec;
  const takes = wanted === 'auto' ? [] : endingsOf(wanted);
  if (takes.length === 0) throw new InputError(`${output}: ${name} is not written by twnet; use ${LISTED}`);
  throw new InputError(
    `${output}: ${name} does not hold ${TITLES[wanted as VideoCodec]}; use ${takes.join(', ')}`,
  );
}

const TITLES: Readonly<Record<VideoCodec, string>> = {
  mpeg4: 'MPEG-4 Part 2',
  h264: 'H.264',
  vp9: 'VP9',
  gif: 'GIF pictures',
  apng: 'APNG pictures',
  webp: 'WebP pictures',
};

function endingsOf(codec: VideoCodec): string[] {
  return Object.keys(CONTAINERS)
    .filter((ending) => CONTAINERS[ending].times !== 'counted' && CONTAINERS[ending].codecs.includes(codec))
    .slice(0, 6)
    .map((ending) => `.${ending}`);
}

/**
 * Refuses an ending that no video is written to, or a codec that its container does not hold, before any work.
 *
 * @throws InputError
 */
export function checkVideoOutput(output: string, codec: VideoCodec | 'auto' = 'auto'): void {
  codecFor(output, codec);
}
