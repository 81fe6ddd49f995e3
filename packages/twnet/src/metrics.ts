/// <reference types="node" preserve="true" />
/**
 * Figures: confusion matrices, IoU, accuracy over the distance from the key frame, consistency over time.
 *
 * @module twnet/metrics
 */
export {
  bootstrapDifference,
  bootstrapInterval,
  bootstrapIntervals,
  type Figure,
  type Interval,
  type Resampling,
} from '@twnet/core/metrics/bootstrap';
export { BOUNDARY_DISTANCE, BoundaryBand } from '@twnet/core/metrics/boundary-band';
export { ConfusionMatrix } from '@twnet/core/metrics/confusion';
export {
  DistanceCurve,
  type DistancePoint,
  type PictureScores,
} from '@twnet/core/metrics/distance';
export { FlickerMeter, type FrameFlicker, labelFlicker } from '@twnet/core/metrics/flicker';
export {
  categoryIou,
  classAccuracy,
  classIou,
  groupIou,
  meanAccuracy,
  meanCategoryIou,
  meanIou,
  pixelAccuracy,
} from '@twnet/core/metrics/metrics';
export { TemporalConsistency, warpLabels } from '@twnet/core/metrics/temporal-consistency';
export {
  type UniformDistance,
  type UniformDraw,
  uniformDistance,
} from '@twnet/core/metrics/uniform-distance';
export { CONSISTENCY_LENGTHS, VideoConsistency } from '@twnet/core/metrics/video-consistency';
export {
  type LabelPair,
  type LabelPairs,
  type LoadedPair,
  loadLabelPair,
  pairLabelFolders,
} from '@twnet/node/score/label-folders';
export {
  groupBySequence,
  type LabelScores,
  type ScoreOptions,
  type SequenceScore,
  scoreLabelPairs,
  scoreLabels,
} from '@twnet/node/score/score-labels';
