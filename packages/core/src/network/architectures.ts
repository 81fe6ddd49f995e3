/** The per-frame networks that there are, and what their non-key frames warp. */
import type { BackboneName } from './backbones.js';
import type { NetworkDescription } from './description.js';
import { efficientVitSegmenter } from './efficientvit-segmenter.js';
import { keyFrameNetwork } from './key-frame.js';

/**
 * - lateral: the paper's, an encoder with pyramid pooling and three lateral connections; Layers 1 to 3 are warped;
 * - segmenter: EfficientViT-Seg-B0 with its own head; see `propagated-frame.ts`.
 */
export const ARCHITECTURES = ['lateral', 'segmenter'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Those, and imported: another program's network, whose class scores are propagated; see `imported-network.ts`. */
export const MODEL_KINDS = [...ARCHITECTURES, 'imported'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** The network that labels a frame from its pixels alone, with every feature that may be kept as an output. */
export function perFrameNetwork(
  architecture: Architecture,
  backbone: BackboneName,
  classes: number,
): NetworkDescription {
  return architecture === 'segmenter' ? efficientVitSegmenter(classes) : keyFrameNetwork(backbone, classes);
}
