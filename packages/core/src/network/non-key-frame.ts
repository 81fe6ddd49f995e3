/** The non-key-frame CNN (Sec. 4.2) with the correction stage: CFR (Eq. 5) guided by RGA (Eqs. 6, 7). */
import { BACKBONES, type BackboneName } from './backbones.js';
import { type NetworkDescription, pruned } from './description.js';
import { CONTEXT, classifier, lateral, skip, type WarpLayer } from './key-frame.js';
import { LayerList } from './layers.js';

/** Which modules of the correction stage are there; RGA needs CFR. */
export interface Correction {
  readonly cfr: boolean;
  readonly rga: boolean;
}

export const FULL_CORRECTION: Correction = { cfr: true, rga: true };

/** Residuals, mean absolute 0..255 differences, mostly lie below 32; this brings them to the order of one. */
export const RESIDUAL_SCALE = 1 / 16;

/** The layer of the spatial features f_t: the projected head, averaged down to the context's grid. */
export const SPATIAL = 'cfr.spatial';

/**
 * Inputs: `image`; `warped`, the previous frame's context feature warped along the motion (F̂_t);
 * `residual` (3 planes at the context's stride) with RGA. Outputs: `scores`, `context` (F_t), with RGA `attention`.
 * Layer 3 has no head and nothing to correct: its image input falls away.
 *
 * @param tailRank 0: the tail's decoder layers are the key-frame CNN's; else their 3 × 3 convolutions are of this rank
 */
export function nonKeyFrameNetwork(
  backbone: BackboneName,
  classes: number,
  layer: WarpLayer,
  correction: Correction = FULL_CORRECTION,
  tailRank = 0,
): NetworkDescription {
  const list = new LayerList();
  const { append, normalisation } = BACKBONES[backbone];
  const { channels, stride } = CONTEXT[layer];
  const image = list.pixels('image', normalisation);
  const warped = list.features('warped', channels, stride);
  if (layer === 3) {
    const scores = classifier(list, warped, classes);
    return pruned({ name: 'nonkey-layer3', layers: list.layers, outputs: { scores, context: warped } });
  }
  const taps = append(list.in('encoder'), image);
  // The deepest head that is still computed, projected as its lateral connection needs it anyway.
  const next: WarpLayer = layer === 1 ? 2 : 3;
  const skipped = skip(list, next, taps);
  const outputs: Record<string, string> = {};
  outputs.context = correction.cfr
    ? correct(list, warped, list.in('CFR').halve(SPATIAL, skipped), layer, correction, outputs)
    : warped;
  const fused = lateral(list, next, outputs.context, skipped, tailRank);
  const context3 = next === 3 ? fused : lateral(list, 3, fused, skip(list, 3, taps), tailRank);
  outputs.scores = classifier(list, context3, classes);
  return pruned({ name: `nonkey-${backbone}-layer${layer}`, layers: list.layers, outputs });
}

/**
 * The correction stage alone, for training it on features. Inputs: `warped` and `spatial` (f_t), of the context's
 * channels and stride, and with RGA `residual`. Outputs as {@link nonKeyFrameNetwork}'s, without `scores`.
 */
export function correctionNetwork(layer: 1 | 2, correction: Correction): NetworkDescription {
  const list = new LayerList();
  const { channels, stride } = CONTEXT[layer];
  const warped = list.features('warped', channels, stride);
  const spatial = list.features('spatial', channels, stride);
  const outputs: Record<string, string> = {};
  outputs.context = correct(list, warped, spatial, layer, correction, outputs);
  return { name: `correction-layer${layer}`, layers: list.layers, outputs };
}

/** F_t = F̂_t + A_t ⊙ φ_r([F̂_t, f_t]). */
function correct(
  list: LayerList,
  warped: string,
  spatial: string,
  layer: 1 | 2,
  { rga }: Correction,
  outputs: Record<string, string>,
): string {
  const cfr = list.in('CFR');
  const joined = cfr.join('concat', 'cfr.joined', [warped, spatial]);
  const { channels, stride } = CONTEXT[layer];
  let rectification = cfr.convolution('cfr', joined, channels, { kernel: 3, bias: true });
  if (rga) {
    outputs.attention = residualAttention(list, stride);
    rectification = cfr.join('multiply', 'cfr.guided', [rectification, outputs.attention]);
  }
  return cfr.join('add', 'cfr.corrected', [warped, rectification]);
}

/**
 * A_t = φ_a(ResI_t), Eq. 6: one plane, of the residual at a context's stride.
 *
 * @param feature what the attention looks at beside it: A_t = σ(φ_a(ResI_t) + φ_b(feature))
 */
export function residualAttention(list: LayerList, stride: number, feature?: string): string {
  const guide = list.in('RGA');
  const residual = guide.scale('attention.input', guide.features('residual', 3, stride), RESIDUAL_SCALE);
  const plane = { kernel: 3, bias: true } as const;
  if (feature === undefined)
    return guide.convolution('attention', residual, 1, { ...plane, activation: 'sigmoid' });
  const looks = [
    guide.convolution('attention', residual, 1, plane),
    guide.convolution('attention.seen', feature, 1),
  ];
  return guide.activation('attention.choice', guide.join('add', 'attention.sum', looks), 'sigmoid');
}
