export { type EncoderMetadata, encoderOrigin } from './encoder-metadata.js';
export {
  encoderOf,
  type ImportedEncoder,
  type ImportOptions,
  type ImportReport,
  importEncoder,
} from './import-encoder.js';
export { PIXEL_RANGES, type PixelRange } from './names/naming.js';
export { printable } from './printable.js';
export { type TensorStatistics, tensorStatistics } from './statistics.js';
export type { StoredTensor, WeightFile } from './stored-tensor.js';
export { openWeightFile } from './weight-file.js';
