/// <reference types="node" preserve="true" />
/**
 * Motion of the codec's blocks, brought to the grid of feature maps: dense vectors, residuals, warping.
 *
 * @module twnet/motion
 */
import '@twnet/node/kernels/provide';

export { accumulateMotion } from '@twnet/core/motion/accumulate';
export { BlockMatcher } from '@twnet/core/motion/block-matching';
export { denseMotion, hasPastMotion } from '@twnet/core/motion/dense-motion';
export type { MotionField, ResidualMap } from '@twnet/core/motion/field';
export { fieldBlocks } from '@twnet/core/motion/field-blocks';
export { gridSize, type Stride } from '@twnet/core/motion/grid';
export { meanResidual } from '@twnet/core/motion/mean-residual';
export { mirrorFuture } from '@twnet/core/motion/mirror-future';
export { type ResidualOptions, Residuals, residualMap } from '@twnet/core/motion/residual-map';
export { reverseMotion } from '@twnet/core/motion/reverse-motion';
export { warpFeatures } from '@twnet/core/motion/warp';
export { warpField } from '@twnet/core/motion/warp-field';
export { warpMatrix } from '@twnet/core/motion/warp-matrix';
