/// <reference types="node" preserve="true" />
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
export {
  type Augmentation,
  DEFAULT_AUGMENTATION,
  drawSampling,
  sampleStill,
} from '@twnet/train/data/augment';
export { type BatchOrigin, BatchSource } from '@twnet/train/data/batch-source';
export { type BatchOptions, type StillBatch, stillBatch } from '@twnet/train/data/batches';
export {
  type CamVidSplit,
  loadStill,
  loadStills,
  openCamVid,
  openFrameFolder,
  type Still,
  type StillFile,
  splitHoldOut,
} from '@twnet/train/data/camvid';
export { ClipMixture, type ClipSource } from '@twnet/train/data/clip-mixture';
export { type Jumps, type MadeClip, type MadeClipOptions, makeClip } from '@twnet/train/data/made-clip';
export { MadeClipSource } from '@twnet/train/data/made-clip-source';
export * from '@twnet/train/data/sets/check';
export * from '@twnet/train/data/sets/clips';
export * from '@twnet/train/data/sets/data-set';
export * from '@twnet/train/data/sets/history';
export * from '@twnet/train/data/sets/open';
export * from '@twnet/train/data/sets/sequence-clip-source';
export { type RenderedClip, stillToClip } from '@twnet/train/data/still-to-clip';
export { makeStreetClip, makeStreetStill, type StreetClipOptions } from '@twnet/train/data/street-clip';
export { StreetClipSource, StreetStillSource } from '@twnet/train/data/street-source';
