/** Figures: confusion matrices, IoU, the curve over the distance from the key frame, label flicker. */
export { ConfusionMatrix } from './confusion.js';
export { DistanceCurve, type DistancePoint } from './distance.js';
export { FlickerMeter, type FrameFlicker, labelFlicker } from './flicker.js';
export { type LabelPair, type LabelPairs, pairLabelFolders, scoreLabelPairs } from './label-folders.js';
export {
  type Category,
  CITYSCAPES_CATEGORIES,
  categoryIou,
  classAccuracy,
  classIou,
  groupIou,
  meanAccuracy,
  meanIou,
  meanOfKnown,
  pixelAccuracy,
  truePixels,
} from './metrics.js';
