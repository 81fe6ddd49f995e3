/// <reference types="node" preserve="true" />
/**
 * Data sets, class tables, label images, and clips made from stills and rendered streets.
 *
 * @module twnet/data
 */
import '@twnet/node/kernels/provide';

export {
  CAMVID,
  CAMVID_CATEGORIES,
  type Category,
  CITYSCAPES,
  CITYSCAPES_CATEGORIES,
  CLASS_TABLES,
  type ClassTable,
  categoriesOf,
  IGNORE_LABEL,
} from '@twnet/core/classes';
export { type Random, seededRandom, shuffled } from '@twnet/core/random';
export { loadImage, type PlanarImage } from '@twnet/node/images/images';
export { type Colour, parseIndexedPng, toIndexedPng } from '@twnet/node/images/indexed-png';
export { type LabelMap, loadLabels } from '@twnet/node/images/label-image';
export { flowFile } from '@twnet/street/flow-file';
export { type StreetFrame, StreetScene, type StreetSceneOptions } from '@twnet/street/street-scene';
export { type Augmentation, DEFAULT_AUGMENTATION } from '@twnet/train/data/augment';
export {
  type CamVidSplit,
  loadStill,
  loadStills,
  openCamVid,
  openFrameFolder,
  type Still,
  type StillFile,
} from '@twnet/train/data/camvid';
export type { ClipSource } from '@twnet/train/data/clip-mixture';
export { checkDataSet, type DataSetReport, type SplitReport } from '@twnet/train/data/sets/check';
export {
  EVALUATION_CLIP_LENGTH,
  type LabelledEnd,
  locateClips,
  readClips,
  TRAINING_CLIP_LENGTH,
} from '@twnet/train/data/sets/clips';
export {
  DATA_SET_KINDS,
  type DataSet,
  type DataSetKind,
  SPLITS,
  type Split,
} from '@twnet/train/data/sets/data-set';
export type { LabelledStill } from '@twnet/train/data/sets/history';
export { type OpenDataSetOptions, openDataSet } from '@twnet/train/data/sets/open';
export { type Jumps, makeStillClip, type StillClipOptions } from '@twnet/train/data/still-clip';
export { makeStreetClip, makeStreetStill, type StreetClipOptions } from '@twnet/train/data/street-clip';
export { StreetClipSource, StreetStillSource } from '@twnet/train/data/street-source';
export type { TrainingClip } from '@twnet/train/data/training-clip';
