/** What a video says of itself. */
import { AV_NOPTS_VALUE, AV_TIME_BASE } from 'node-av/constants';
import { avGetCodecName, avGetPixFmtName, type CodecContext, type Frame } from 'node-av/lib';
import { exportsVectors, losesVectorsOfB } from './decoder.js';
import type { OpenedStream } from './demux.js';
import { type Rotation, turnedSize } from './orientation.js';
import { type PixelAspect, turnedAspect } from './pixel-aspect.js';
import type { Look } from './placement.js';
import type { Size } from './scaling.js';

export interface VideoInfo {
  /** FFmpeg's name of the container format. */
  readonly container: string;
  readonly codec: string;
  /** The codec's profile (`Simple Profile`, `High`), if known. */
  readonly profile: string | undefined;
  readonly pixelFormat: string;
  /** Of the frames: as displayed (turned), pixels, and scaled where asked; pixels that are not square stay as they are. */
  readonly width: number;
  readonly height: number;
  /** Of key pictures, where frames come at half their size (`keyPictures`); else the frames'. */
  readonly keyWidth: number;
  readonly keyHeight: number;
  /** Share of the video's width and height that those have: `scale`, chosen or brought within `maxSide`. */
  readonly scale: number;
  /** The video's own size as displayed, pixels. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  /** Clockwise turn that display applies, degrees; pixels and vectors are delivered turned. */
  readonly rotation: Rotation;
  /** Whether display mirrors the coded picture left to right, before it turns it; delivered mirrored. */
  readonly mirrored: boolean;
  /** Width to height of a pixel as displayed (turned); 1:1 where nothing says otherwise. */
  readonly pixelAspect: PixelAspect;
  /** Frames hold two fields each; they are delivered deinterlaced. Of the first frame: streams may change. */
  readonly interlaced: boolean;
  /** Frames a second; 0 if unknown. */
  readonly frameRate: number;
  readonly durationSeconds: number | undefined;
  /** Frames that the container announces, if it does. */
  readonly frameCount: number | undefined;
  /** Frames to expect, for progress: announced, or from duration and rate. */
  readonly frameCountEstimate: number | undefined;
  readonly motionSource: 'codec' | 'estimate';
  /** Why the motion is estimated, where it is. */
  readonly motionNote: string | undefined;
  /** What one should know of how it is read, a sentence each; `Video.notes` has later ones too. */
  readonly notes: readonly string[];
}

/** What the first frame shows. */
export interface FirstFrame {
  readonly look: Look;
  /** Of the frames handed out and of key pictures, as displayed. */
  readonly size: Size;
  readonly keySize: Size;
  readonly scale: number;
  readonly interlaced: boolean;
  readonly motionNote: string | undefined;
  readonly notes: readonly string[];
}

export function describeStream(
  opened: OpenedStream,
  decoder: CodecContext,
  first: Frame,
  { look, size, keySize, scale, interlaced, motionNote, notes }: FirstFrame,
): VideoInfo {
  const { container, stream } = opened;
  const { codecpar } = stream;
  const { orientation } = look;
  const full = turnedSize(look, orientation);
  const codec = avGetCodecName(codecpar.codecId) ?? 'unknown';
  const frameRate = frameRateOf(opened, decoder);
  const durationSeconds =
    container.duration === AV_NOPTS_VALUE ? undefined : Number(container.duration) / AV_TIME_BASE;
  const frameCount = stream.nbFrames > 0n ? Number(stream.nbFrames) : undefined;
  const guess =
    durationSeconds !== undefined && frameRate > 0 ? Math.round(durationSeconds * frameRate) : undefined;
  return {
    container: container.iformat?.name ?? 'unknown',
    codec,
    profile: opened.decoder.profiles?.find(({ profile }) => profile === decoder.profile)?.name ?? undefined,
    pixelFormat: avGetPixFmtName(first.format as Parameters<typeof avGetPixFmtName>[0]) ?? 'unknown',
    width: size.width,
    height: size.height,
    keyWidth: keySize.width,
    keyHeight: keySize.height,
    scale,
    fullWidth: full.width,
    fullHeight: full.height,
    rotation: orientation.rotation,
    mirrored: orientation.mirrored,
    pixelAspect: turnedAspect(look.aspect, orientation),
    interlaced,
    frameRate,
    durationSeconds,
    frameCount,
    frameCountEstimate: frameCount ?? guess,
    motionSource: motionNote === undefined ? 'codec' : 'estimate',
    motionNote,
    notes,
  };
}

/** The container's average where it knows one (a short MPEG-TS does not); else the slower of two guesses, of which one may be of fields. */
function frameRateOf({ stream }: OpenedStream, decoder: CodecContext): number {
  // Rates of time bases (90000 and the like) are no frame rates.
  const [average, ...guesses] = [stream.avgFrameRate, stream.rFrameRate, decoder.framerate].map((rate) =>
    rate.num > 0 && rate.den > 0 && rate.toDouble() <= 1000 ? rate.toDouble() : 0,
  );
  if (average > 0) return average;
  const known = guesses.filter((rate) => rate > 0);
  return known.length > 0 ? Math.min(...known) : 0;
}

const ESTIMATED = 'motion is estimated by block matching';
/** FFmpeg does not tell vectors of fields from those of frames. */
export const FIELD_VECTORS = `vectors of interlaced video are those of fields: ${ESTIMATED}`;

/**
 * Why a stream's motion is estimated; undefined where it is the codec's. A frame must have been decoded.
 *
 * @param fields whether its frames may be coded as fields
 */
export function noteOnMotion(
  { stream }: OpenedStream,
  decoder: CodecContext,
  wanted: 'auto' | 'codec' | 'estimate' | 'none',
  fields: boolean,
): string | undefined {
  const { codecId } = stream.codecpar;
  if (!exportsVectors(codecId))
    return `FFmpeg's ${avGetCodecName(codecId) ?? ''} decoder hands out no motion vectors: ${ESTIMATED}`;
  if (wanted === 'estimate') return 'motion is estimated, as asked';
  if (wanted === 'auto' && losesVectorsOfB(decoder))
    return `FFmpeg's mpeg4 decoder loses the motion vectors of B-frames: ${ESTIMATED}`;
  if (wanted === 'auto' && fields) return FIELD_VECTORS;
  return undefined;
}

export const NO_FIELD_VECTORS = 'vectors of interlaced frames are those of fields: they are left out';

/**
 * What is missing or uncertain of the codec's vectors where they are asked for and no others, a sentence each. A frame
 * must have been decoded.
 *
 * @param interlaced whether the first frame is
 * @param fields whether frames may be coded as fields
 */
export function gapsOfVectors(decoder: CodecContext, interlaced: boolean, fields: boolean): string[] {
  return [
    ...(losesVectorsOfB(decoder)
      ? ["FFmpeg's mpeg4 decoder loses the motion vectors of B-frames: those frames come without"]
      : []),
    ...(interlaced ? [NO_FIELD_VECTORS] : []),
    ...(fields && !interlaced
      ? ['its frames may hold blocks of fields, whose vectors are not told from others']
      : []),
  ];
}
