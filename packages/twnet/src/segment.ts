/// <reference types="node" preserve="true" />
/**
 * The parts of segmenting: key frames, labels and their areas, overlays, label files, networks of one's own.
 *
 * @module twnet/segment
 */
import '@twnet/node/kernels/provide';

export type { FrameResult } from '@twnet/core/runtime/frame-call';
export type { ModelNetworks, Networks } from '@twnet/core/runtime/networks';
export { type ClassSummary, labelAreas } from '@twnet/core/segment/class-areas';
export { ClassChoice, type NamedClass } from '@twnet/core/segment/class-choice';
export { type CocoMask, cocoMasks } from '@twnet/core/segment/coco-mask';
export { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
export { labelsFromScores } from '@twnet/core/segment/labels';
export { Overlay } from '@twnet/core/segment/overlay';
export {
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
export {
  type FlowNetworkSpec,
  MotionSource,
  type MotionSpec,
  motionName,
} from '@twnet/node/motion/motion-source';
export { type LabelPngOptions, labelPng } from '@twnet/node/output/label-png';
export type { LabelFormat } from '@twnet/node/output/label-sink';
export { LabelWriter } from '@twnet/node/output/label-writer';
export { type LabelsFile, labelsFileSchema, readLabelsHead } from '@twnet/node/output/labels-file';
export type { SegmentationStats, WriteOptions } from '@twnet/node/output/write-segmentation';
export { writeSegmentation } from './door/on-demand.js';
