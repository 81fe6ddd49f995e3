/// <reference types="node" preserve="true" />
/**
 * The way from a video file to labels. What goes deeper is imported from the rooms: `twnet/motion`,
 * `twnet/graph`, `twnet/network`, `twnet/train`, `twnet/data`, `twnet/evaluate`.
 */
export { CAMVID, CITYSCAPES, CLASS_TABLES, type ClassTable, IGNORE_LABEL } from './data/index.js';
export { InputError, OutputError, PartialInputError, TwnetError } from './errors.js';
export { ConfusionMatrix, classIou, meanIou, pixelAccuracy } from './evaluate/index.js';
export type { MotionField, ResidualMap } from './motion/index.js';
export {
  DEFAULT_MODEL,
  loadNetworks,
  Model,
  type ModelCard,
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
