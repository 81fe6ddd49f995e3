export { type EncodeOptions, encodeVideo, VideoWriter } from './encode-video.js';
export { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from './frame.js';
export type { Loss } from './losses.js';
export { type OpenVideoOptions, openVideo, Video } from './open-video.js';
export { type RecodeOptions, recodeClip } from './recode-clip.js';
export type { VideoInfo } from './video-info.js';
