/// <reference types="node" preserve="true" />
/**
 * From a video to labels: `segment` is the whole way, the others are its parts. What goes deeper is in the subpaths.
 * FFmpeg and ONNX Runtime are loaded when they are first needed.
 *
 * @module twnet
 */
import '@twnet/node/kernels/provide';

export { CAMVID, CITYSCAPES, CLASS_TABLES, type ClassTable, IGNORE_LABEL } from '@twnet/core/classes';
export { InputError, OutputError, PartialInputError, TwnetError } from '@twnet/core/errors';
export type { BlockMotion, PictureType, VideoFrame } from '@twnet/core/frame';
export type { LatePolicy, LiveFrame } from '@twnet/core/live/live-frame';
export { ConfusionMatrix } from '@twnet/core/metrics/confusion';
export { classIou, meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
export type { ModelCard } from '@twnet/core/model/model-card';
export type { MotionField, ResidualMap } from '@twnet/core/motion/field';
export type { FrameStream, PictureSize } from '@twnet/core/runtime/frame-call';
export { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
export type { ModelNetworks, Networks, NetworksOptions } from '@twnet/core/runtime/networks';
export { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
export { Overlay } from '@twnet/core/segment/overlay';
export type { KeyFrameRule } from '@twnet/core/segment/schedule';
export type { SegmentOptions } from '@twnet/core/segment/segment-options';
export type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
export { segmentVideo } from '@twnet/core/segment/segmenter';
export type { MotionSummary } from '@twnet/node/extract/extraction';
export type { WriteMotionOptions } from '@twnet/node/extract/write-motion';
export type { CameraFrame } from '@twnet/node/live/camera';
export type { CameraStats } from '@twnet/node/live/live-stats';
export { DEFAULT_MODEL, Model, shippedModels } from '@twnet/node/model/model';
export { modelDigest } from '@twnet/node/model/model-files';
export { MotionSource, type MotionSpec } from '@twnet/node/motion/motion-source';
export { loadNetworks, openParallel } from '@twnet/node/networks/networks';
export { LabelWriter } from '@twnet/node/output/label-writer';
export type { SegmentationStats, WriteOptions } from '@twnet/node/output/write-segmentation';
export type { EncodeOptions, VideoWriter } from '@twnet/node/video/encode-video';
export type { Loss, LossTotals } from '@twnet/node/video/losses';
export type { OpenVideoOptions } from '@twnet/node/video/open-options';
export type { Video } from '@twnet/node/video/open-video';
export type { VideoInfo } from '@twnet/node/video/video-info';
export type { SegmentInputOptions } from './door/input-options.js';
export type { LiveInput, LiveInputOptions, LiveSegmentation, LiveState } from './door/live.js';
export { encodeVideo, openVideo, writeMotion, writeSegmentation } from './door/on-demand.js';
export { type OpeningSegmentation, segment } from './door/segment.js';
export type { Segmentation } from './door/segmentation.js';
