/// <reference types="node" preserve="true" />
/**
 * Videos: reading with the codec's own motion, writing, and short clips in memory. Loads FFmpeg.
 *
 * @module twnet/video
 */

export { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from '@twnet/core/frame';
export {
  automaticScale,
  type SizeOptions,
  type WorkingSize,
  workingSize,
} from '@twnet/core/network/working-size';
export type { VideoOrigin } from '@twnet/node/video/audio-copy';
export type { VideoCodec } from '@twnet/node/video/containers';
export { type EncodeOptions, encodeVideo, VideoWriter } from '@twnet/node/video/encode-video';
export type { CodingOptions } from '@twnet/node/video/encoder';
export type { Loss, LossTotals } from '@twnet/node/video/losses';
export type { OpenVideoOptions } from '@twnet/node/video/open-options';
export { openVideo, Video } from '@twnet/node/video/open-video';
export type { PixelAspect } from '@twnet/node/video/pixel-aspect';
export { encodeClip, type RecodeOptions, recodeClip } from '@twnet/node/video/recode-clip';
export type { FramePosition } from '@twnet/node/video/time-range';
export { untilStopped } from '@twnet/node/video/until-stopped';
export type { VideoInfo } from '@twnet/node/video/video-info';
