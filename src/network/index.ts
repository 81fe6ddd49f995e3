/// <reference types="node" preserve="true" />
export { BACKBONE_NAMES, BACKBONES, type BackboneName } from './backbones.js';
export {
  gigaMacs,
  type LayerCost,
  layerCosts,
  MODULES,
  type Module,
  type ModuleCost,
  moduleOf,
  type NetworkCost,
  networkCost,
  parameterCount,
  peakActivationBytes,
} from './cost.js';
export { type Layer, type NetworkDescription, pruned } from './description.js';
export { FairQueue } from './fair-queue.js';
export type { FeatureMotion, FrameOutput, FrameRequest, FrameStream, FrameWork } from './frame-call.js';
export {
  type ImportedEncoder,
  type ImportOptions,
  type ImportReport,
  importEncoder,
  openWeightFile,
  type StoredTensor,
  type WeightFile,
} from './import/index.js';
export { inferenceGraph } from './inference-graph.js';
export { CONTEXT, keyFrameNetwork, type WarpLayer } from './key-frame.js';
export { appendLabelOutput } from './label-output.js';
export { DEFAULT_MODEL, type LoadedNetwork, Model, readWeights } from './model.js';
export { CARD_FILE, type ModelCard, modelCardSchema, readModelCard, tailRankOf } from './model-card.js';
export { modelDigest } from './model-files.js';
export {
  closeAll,
  loadNetworks,
  type NetworkSource,
  Networks,
  type NetworksOptions,
  openParallel,
} from './networks.js';
export { type Correction, FULL_CORRECTION, nonKeyFrameNetwork } from './non-key-frame.js';
export { type OperatorTimesOptions, operatorTimes } from './operator-times.js';
export { formatSafetensors, parseSafetensors, type Weights, type WeightTensor } from './safetensors.js';
export { layerShapes, networkParameters, type Parameter } from './shapes.js';
export { untrainedNetworks } from './untrained.js';
