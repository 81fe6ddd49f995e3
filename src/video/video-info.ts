/** What a video says of itself. */
import { AV_NOPTS_VALUE, AV_TIME_BASE } from 'node-av/constants';
import { avGetCodecName, avGetPixFmtName } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import { type Rotation, swapsSides } from './rotation.js';

export interface VideoInfo {
  /** FFmpeg's name of the container format. */
  readonly container: string;
  readonly codec: string;
  readonly pixelFormat: string;
  /** As displayed, pixels. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn that display applies, degrees; pixels and vectors are delivered turned. */
  readonly rotation: Rotation;
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
}

export function describeStream(
  { container, stream }: OpenedStream,
  rotation: Rotation,
  motionSource: 'codec' | 'estimate',
  hasVectors: boolean,
): VideoInfo {
  const { codecpar } = stream;
  const turned = swapsSides(rotation);
  const codec = avGetCodecName(codecpar.codecId) ?? 'unknown';
  const rate = stream.avgFrameRate;
  const frameRate = rate.num > 0 && rate.den > 0 ? rate.toDouble() : 0;
  const durationSeconds =
    container.duration === AV_NOPTS_VALUE ? undefined : Number(container.duration) / AV_TIME_BASE;
  const frameCount = stream.nbFrames > 0n ? Number(stream.nbFrames) : undefined;
  const guess =
    durationSeconds !== undefined && frameRate > 0 ? Math.round(durationSeconds * frameRate) : undefined;
  return {
    container: container.iformat?.name ?? 'unknown',
    codec,
    pixelFormat: avGetPixFmtName(codecpar.format as Parameters<typeof avGetPixFmtName>[0]) ?? 'unknown',
    width: turned ? codecpar.height : codecpar.width,
    height: turned ? codecpar.width : codecpar.height,
    rotation,
    frameRate,
    durationSeconds,
    frameCount,
    frameCountEstimate: frameCount ?? guess,
    motionSource,
    motionNote: motionSource === 'codec' ? undefined : noteFor(codec, hasVectors),
  };
}

function noteFor(codec: string, hasVectors: boolean): string {
  return hasVectors
    ? 'motion is estimated, as asked'
    : `FFmpeg's ${codec} decoder hands out no motion vectors: motion is estimated by encoding the frames to MPEG-4 in memory`;
}
