/// <reference types="node" preserve="true" />
export { type Augmentation, DEFAULT_AUGMENTATION, drawSampling, sampleStill } from './augment.js';
export { type BatchOrigin, BatchSource } from './batch-source.js';
export { type BatchOptions, type StillBatch, stillBatch } from './batches.js';
export {
  type CamVidSplit,
  loadStill,
  loadStills,
  openCamVid,
  openFrameFolder,
  type Still,
  type StillFile,
  splitHoldOut,
} from './camvid.js';
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
} from './classes.js';
export { ClipMixture, type ClipSource } from './clip-mixture.js';
export { loadImage, type PlanarImage } from './images.js';
export { type Colour, parseIndexedPng, toIndexedPng } from './indexed-png.js';
export { type LabelMap, loadLabels } from './label-image.js';
export { type Jumps, type MadeClip, type MadeClipOptions, makeClip } from './made-clip.js';
export { MadeClipSource } from './made-clip-source.js';
export { type Random, seededRandom, shuffled } from './random.js';
export * from './sets/index.js';
export { type RenderedClip, stillToClip } from './still-to-clip.js';
export { flowFile } from './street/flow-file.js';
export { type StreetFrame, StreetScene, type StreetSceneOptions } from './street/street-scene.js';
export { makeStreetClip, makeStreetStill, type StreetClipOptions } from './street-clip.js';
export { StreetClipSource, StreetStillSource } from './street-source.js';
