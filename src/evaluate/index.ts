/// <reference types="node" preserve="true" />
/** Figures: confusion matrices, IoU, accuracy over the distance from the key frame, consistency over time. */
export {
  bootstrapDifference,
  bootstrapInterval,
  bootstrapIntervals,
  type Figure,
  type Interval,
  type Resampling,
} from './bootstrap.js';
export { BOUNDARY_DISTANCE, BoundaryBand } from './boundary-band.js';
export { type ClipFigures, ClipMeter, type ClipMeterOptions, type ScoredFrame } from './clip-figures.js';
export {
  CLIP_METHODS,
  type ClipMethod,
  type MethodRun,
  type MethodScore,
  type NamedIou,
  scoreMethod,
} from './clip-methods.js';
export { ConfusionMatrix } from './confusion.js';
export { DistanceCurve, type DistancePoint, meanOverDistances, type PictureScores } from './distance.js';
export { FlickerMeter, type FrameFlicker, labelFlicker } from './flicker.js';
export {
  type Amdahl,
  type Fit,
  fitAmdahl,
  fitGroupCost,
  fitPowerLaw,
  type GroupCost,
  type Point,
  type PowerLaw,
  valueAt,
} from './growth.js';
export {
  checkPredictedClasses,
  type LabelPair,
  type LabelPairs,
  type LoadedPair,
  loadLabelPair,
  pairLabelFolders,
} from './label-folders.js';
export {
  type ClipRun,
  type ClipSegmenter,
  type LabelledClip,
  loadLabelledClip,
  type SegmenterScore,
  scoreClip,
  scoreSegmenter,
} from './labelled-clip.js';
export { describeMachine, type Machine, machineLine } from './machine.js';
export { MADE_FRAME_RATE, type MadeVideoOptions, writeMadeVideo } from './made-video.js';
export { memoryAtMinutes } from './memory.js';
export {
  categoryIou,
  classAccuracy,
  classIou,
  groupIou,
  meanAccuracy,
  meanCategoryIou,
  meanIou,
  meanOfKnown,
  pixelAccuracy,
  truePixels,
} from './metrics.js';
export {
  groupBySequence,
  type LabelScores,
  type ScoreOptions,
  type SequenceScore,
  scoreLabelPairs,
  scoreLabels,
  sequenceName,
  sumMatrices,
} from './score-labels.js';
export { scoreStills } from './score-stills.js';
export {
  measureSpeeds,
  type SpeedProgress,
  type SpeedReport,
  type TimedNetwork,
  type TimedOperators,
} from './speed.js';
export { type GrowthLine, speedGrowth } from './speed-growth.js';
export type { SpeedMeasurement } from './speed-measurement.js';
export type { Configuration, FrameSize, SpeedPlan } from './speed-plan.js';
export { type Spread, spreadOf } from './spread.js';
export { commandLine, measurementStamp, publicName, type Stamp, type WeightsStamp } from './stamp.js';
export { TemporalConsistency, warpLabels } from './temporal-consistency.js';
export { type UniformDistance, type UniformDraw, uniformDistance } from './uniform-distance.js';
export { CONSISTENCY_LENGTHS, VideoConsistency } from './video-consistency.js';
export { type FlickerRun, videoFlicker } from './video-flicker.js';
