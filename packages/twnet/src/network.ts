/// <reference types="node" preserve="true" />
/**
 * Networks: their descriptions, shapes and cost, models and weights, and the running ones.
 *
 * @module twnet/network
 */

export type { LoadedNetwork, NetworkSource } from '@twnet/core/model/loaded-network';
export type { ModelFiles } from '@twnet/core/model/model';
export { CARD_FILE, type ModelCard, modelCardSchema } from '@twnet/core/model/model-card';
export { untrainedNetworks } from '@twnet/core/model/untrained';
export { ARCHITECTURES, type Architecture } from '@twnet/core/network/architectures';
export { BACKBONE_NAMES, BACKBONES, type BackboneName } from '@twnet/core/network/backbones';
export {
  gigaMacs,
  type ModuleCost,
  moduleOf,
  type NetworkCost,
  networkCost,
  parameterCount,
  peakActivationBytes,
} from '@twnet/core/network/cost';
export {
  type Layer,
  MODULES,
  type Module,
  type NetworkDescription,
} from '@twnet/core/network/description';
export { inferenceGraph } from '@twnet/core/network/inference-graph';
export { CONTEXT, keyFrameNetwork, type WarpLayer } from '@twnet/core/network/key-frame';
export { appendLabelOutput } from '@twnet/core/network/label-output';
export { type Correction, FULL_CORRECTION, nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
export { type OperatingPoint, SPEEDS, type Speed } from '@twnet/core/network/operating-point';
export {
  type PointDesign,
  PROPAGATED,
  type Propagated,
  propagatedFrameNetwork,
} from '@twnet/core/network/propagated-frame';
export {
  formatSafetensors,
  parseSafetensors,
  type Weights,
  type WeightTensor,
} from '@twnet/core/network/safetensors';
export { layerMacs, layerShapes, networkParameters, type Parameter } from '@twnet/core/network/shapes';
export type { FrameRequest, FrameResult, FrameStream, FrameWork } from '@twnet/core/runtime/frame-call';
export type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';
export { DEFAULT_MODEL, Model, PAPER_MODEL, readWeights, shippedModels } from '@twnet/node/model/model';
export { modelDigest, readModelCard } from '@twnet/node/model/model-files';
export { loadNetworks, Networks, openParallel } from '@twnet/node/networks/networks';
export {
  type ImportedEncoder,
  type ImportOptions,
  type ImportReport,
  importEncoder,
} from '@twnet/train/import/import-encoder';
export type { StoredTensor, WeightFile } from '@twnet/train/import/stored-tensor';
export { openWeightFile } from '@twnet/train/import/weight-file';
