/// <reference types="node" preserve="true" />
/**
 * The way from a video file to labels. What goes deeper is imported from the rooms: `twnet/motion`,
 * `twnet/graph`, `twnet/network`, `twnet/train`, `twnet/data`, `twnet/evaluate`.
 */
// From files, not from rooms, where a room has much that this way does not need: it would be loaded with it.
import '@twnet/node/kernels/provide';

export { CAMVID, CITYSCAPES, CLASS_TABLES, type ClassTable, IGNORE_LABEL } from '@twnet/core/classes';
export { InputError, OutputError, PartialInputError, TwnetError } from '@twnet/core/errors';
export type { BlockMotion, PictureType, VideoFrame } from '@twnet/core/frame';
export { ConfusionMatrix } from '@twnet/core/metrics/confusion';
export { classIou, meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
export type { ModelCard } from '@twnet/core/model/model-card';
export type { MotionField, ResidualMap } from '@twnet/core/motion/field';
export type { FrameStream } from '@twnet/core/runtime/frame-call';
export type { ModelNetworks, Networks, NetworksOptions } from '@twnet/core/runtime/networks';
export { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
export { Overlay } from '@twnet/core/segment/overlay';
export type { KeyFrameRule } from '@twnet/core/segment/schedule';
export type { SegmentOptions } from '@twnet/core/segment/segment-options';
export type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
export { segmentVideo } from '@twnet/core/segment/segmenter';
export type { MotionSummary } from '@twnet/node/extract/extraction';
export { type WriteMotionOptions, writeMotion } from '@twnet/node/extract/write-motion';
export { DEFAULT_MODEL, Model } from '@twnet/node/model/model';
export { modelDigest } from '@twnet/node/model/model-files';
export { MotionSource } from '@twnet/node/motion/motion-source';
export { loadNetworks, openParallel } from '@twnet/node/networks/networks';
export { LabelWriter } from '@twnet/node/output/label-writer';
export { writeSegmentation } from '@twnet/node/output/write-segmentation';
export { type EncodeOptions, encodeVideo, VideoWriter } from '@twnet/node/video/encode-video';
export type { OpenVideoOptions } from '@twnet/node/video/open-options';
export { openVideo, type Video } from '@twnet/node/video/open-video';
export type { VideoInfo } from '@twnet/node/video/video-info';
