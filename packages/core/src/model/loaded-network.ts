/** Networks with their weights, ready to be lowered. */
import type { NetworkDescription } from '../network/description.js';
import type { WarpLayer } from '../network/key-frame.js';
import type { Weights } from '../network/safetensors.js';
import type { ModelCard } from './model-card.js';

export interface LoadedNetwork {
  readonly description: NetworkDescription;
  readonly weights: Weights;
}

/** Where networks come from: a model, or `untrainedNetworks`. */
export interface NetworkSource {
  readonly card: ModelCard;
  /** Identifies the weights, where they are a model's. */
  readonly digest?: string;
  /** The key-frame CNN; its context output is the one of `layer`, none without (the per-frame network). */
  keyFrame(layer?: WarpLayer): LoadedNetwork;
  /** The non-key-frame CNN that warps decoder layer `layer`. */
  nonKeyFrame(layer: WarpLayer, warpAlone?: boolean): Promise<LoadedNetwork>;
}

/** The key-frame network with the outputs that are kept: the scores, and the context feature of `layer`. */
export function withContext(full: NetworkDescription, layer: WarpLayer | undefined): NetworkDescription {
  const outputs: Record<string, string> = { scores: full.outputs.scores };
  if (layer) outputs.context = full.outputs[`context${layer}`];
  return { ...full, outputs };
}
