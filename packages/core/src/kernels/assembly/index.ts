/** The kernels of twnet, in AssemblyScript: plain loops over memory that the caller lays out. */
export { addStep, spreadBlocks } from './dense';
export { fillHoles } from './holes';
export { addAreas, labelRuns, mapLabels, transposeLabels } from './label-maps';
export { enlargedLabels } from './labels';
export { takeLuma, takeRgb } from './luma';
export { matchBlocks } from './matching';
export { mixCells } from './mix';
export { layBox, mixLabels } from './overlay';
export { planesToRgb, scaleAcross, takeSamples } from './planes';
export { addBlocks, addIntra } from './residual';
export { warp } from './warp';

/** Where memory that the caller may use begins. */
export function heapBase(): usize {
  return __heap_base;
}
