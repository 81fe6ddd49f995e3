/// <reference types="node" preserve="true" />
/** From a video and two networks to labels for every frame. */
import '@twnet/node/kernels/provide';

export type { FrameResult } from '@twnet/core/runtime/frame-call';
export type { ModelNetworks, Networks } from '@twnet/core/runtime/networks';
export type { ClassSummary } from '@twnet/core/segment/class-areas';
export { ClassChoice, type NamedClass } from '@twnet/core/segment/class-choice';
export { type CocoMask, cocoMasks } from '@twnet/core/segment/coco-mask';
export { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
export { labelsFromScores, SCORE_STRIDE } from '@twnet/core/segment/labels';
export { Overlay } from '@twnet/core/segment/overlay';
export {
  ACCUMULATED_SHARE,
  type FramePlan,
  type KeyFrameReason,
  type KeyFrameRule,
  KeyFrameSchedule,
  type ScheduleOptions,
} from '@twnet/core/segment/schedule';
export type { SegmentOptions } from '@twnet/core/segment/segment-options';
export type { FrameMotion, FrameTimings, SegmentedFrame } from '@twnet/core/segment/segmented-frame';
export { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';
export { type RunStats, type StageTimes, StatsCollector } from '@twnet/core/segment/stats';
export { MotionSource, type MotionSpec, motionName } from '@twnet/node/motion/motion-source';
export { labelFileName } from '@twnet/node/output/label-file-name';
export { type LabelPngOptions, labelPng } from '@twnet/node/output/label-png';
export { LABEL_FORMATS, type LabelFormat } from '@twnet/node/output/label-sink';
export { LabelWriter } from '@twnet/node/output/label-writer';
export { type LabelsFile, labelsFileSchema, readLabelsHead } from '@twnet/node/output/labels-file';
export {
  type SegmentationStats,
  type WriteOptions,
  writeSegmentation,
} from '@twnet/node/output/write-segmentation';
