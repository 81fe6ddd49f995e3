/// <reference types="node" preserve="true" />
/** Videos: reading with the codec's own motion, writing, and short clips in memory. */
export type { VideoOrigin } from './audio-copy.js';
export { checkVideoOutput, type VideoCodec } from './containers.js';
export { encodeClip } from './encode-clip.js';
export { type EncodeOptions, encodeVideo, VideoWriter } from './encode-video.js';
export type { CodingOptions } from './encoder.js';
export { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from './frame.js';
export type { Loss, LossTotals } from './losses.js';
export type { OpenVideoOptions } from './open-options.js';
export { openVideo, Video } from './open-video.js';
export type { PixelAspect } from './pixel-aspect.js';
export { type RecodeOptions, recodeClip } from './recode-clip.js';
export { untilStopped } from './until-stopped.js';
export type { VideoInfo } from './video-info.js';
