/// <reference types="node" preserve="true" />
/**
 * The way from a video file to labels. What goes deeper is imported from the rooms: `twnet/motion`,
 * `twnet/graph`, `twnet/network`, `twnet/train`, `twnet/data`, `twnet/evaluate`.
 */
// From files, not from rooms, where a room has much that this way does not need: it would be loaded with it.
export { CAMVID, CITYSCAPES, CLASS_TABLES, type ClassTable, IGNORE_LABEL } from './data/classes.js';
export { InputError, OutputError, PartialInputError, TwnetError } from './errors.js';
export { ConfusionMatrix } from './evaluate/confusion.js';
export { classIou, meanIou, pixelAccuracy } from './evaluate/metrics.js';
export type { MotionField, ResidualMap } from './motion/index.js';
export {
  DEFAULT_MODEL,
  type FrameStream,
  loadNetworks,
  Model,
  type ModelCard,
  modelDigest,
  type Networks,
  type NetworksOptions,
  openParallel,
} from './network/index.js';
export {
  type BareNetworks,
  type BareResult,
  type BaselineFrame,
  type BaselineOptions,
  deepFeatureFlow,
  interpMv,
  type KeyFrameRule,
  keepingNetworks,
  LabelWriter,
  MotionSource,
  Overlay,
  propMv,
  regionSize,
  type SegmentationNetworks,
  type SegmentedFrame,
  type SegmentOptions,
  segmentVideo,
  tapLab,
  writeSegmentation,
} from './segment/index.js';
export {
  type BlockMotion,
  type EncodeOptions,
  encodeVideo,
  type OpenVideoOptions,
  openVideo,
  type PictureType,
  type Video,
  type VideoFrame,
  type VideoInfo,
  VideoWriter,
} from './video/index.js';
