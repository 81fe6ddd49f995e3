/** Native-speed loops over pixels and cells. */
export { Kernels, SCRATCH } from './kernels.js';
export { addLabelAreas, columnRuns, replaceLabels } from './label-maps.js';
export { enlargeLabels, type LabelCall, labelScratch } from './labels.js';
export { type WarpCall, warpCells, warpScratch } from './warp.js';
