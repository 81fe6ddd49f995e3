/// <reference types="node" preserve="true" />
/** From a video and two networks to labels for every frame. */
export {
  type BaselineFrame,
  type BaselineOptions,
  deepFeatureFlow,
  interpMv,
  type KeyFrameNetwork,
  propMv,
  regionSize,
  type TapLabOptions,
  tapLab,
} from './baselines/index.js';
export type { ClassSummary } from './class-areas.js';
export { ClassChoice, type NamedClass } from './class-choice.js';
export { type CocoMask, cocoMasks } from './coco-mask.js';
export { type BareNetworks, type BareResult, keepingNetworks } from './keeping-networks.js';
export { labelFileName } from './label-file-name.js';
export { type LabelPngOptions, labelPng } from './label-png.js';
export { LABEL_FORMATS, type LabelFormat } from './label-sink.js';
export { LabelWriter } from './label-writer.js';
export { labelsFromScores, SCORE_STRIDE } from './labels.js';
export { type LabelsFile, labelsFileSchema, readLabelsHead } from './labels-file.js';
export { MotionSource, type MotionSpec, motionName } from './motion/motion-source.js';
export type { FrameMotion, FrameResult, SegmentationNetworks } from './networks.js';
export { Overlay } from './overlay.js';
export {
  ACCUMULATED_SHARE,
  type FramePlan,
  type KeyFrameReason,
  type KeyFrameRule,
  KeyFrameSchedule,
  type ScheduleOptions,
} from './schedule.js';
export {
  type FrameSource,
  type FrameTimings,
  type SegmentedFrame,
  type SegmentOptions,
  segmentVideo,
} from './segmenter.js';
export { type RunStats, type StageTimes, StatsCollector } from './stats.js';
export { type SegmentationStats, type WriteOptions, writeSegmentation } from './write-segmentation.js';
