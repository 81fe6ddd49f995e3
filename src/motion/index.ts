/// <reference types="node" preserve="true" />
/** Motion of the codec's blocks, brought to the grid of feature maps: dense vectors, residuals, warping. */
export { accumulateMotion } from './accumulate.js';
export { denseMotion, hasPastMotion } from './dense-motion.js';
export type { MotionField, ResidualMap } from './field.js';
export { fieldBlocks } from './field-blocks.js';
export { gridSize, type Stride } from './grid.js';
export { meanResidual } from './mean-residual.js';
export { mirrorFuture } from './mirror-future.js';
export { type ResidualOptions, Residuals, residualMap } from './residual-map.js';
export { reverseMotion } from './reverse-motion.js';
export { warpFeatures } from './warp.js';
export { warpField } from './warp-field.js';
export { warpMatrix } from './warp-matrix.js';
