/**
 * Non-key frames of the EfficientViT segmenter: the frame passes at a part of the key frame's size through a network of
 * its own (AR-Seg, CVPR 2023); what the key frame knew is warped, corrected by it (CFR) under RGA, and read by the
 * key-frame network's own head.
 */
import type { NetworkDescription } from './description.js';
import {
  SEGMENTER_CHANNELS,
  SEGMENTER_STRIDE,
  segmenterFeatures,
  segmenterScores,
} from './efficientvit-segmenter.js';
import { LayerList } from './layers.js';
import { type Correction, FULL_CORRECTION, residualAttention } from './non-key-frame.js';

/** What is warped: the head's refined feature, or the class scores, which leaves nothing to compute behind it. */
export const PROPAGATED = ['refined', 'scores'] as const;
export type Propagated = (typeof PROPAGATED)[number];

/** The non-key frame's picture has half the key frame's sides. */
export const PICTURE_STRIDE = 2;

/** How non-key frames are made: an operating point. */
export interface PointDesign {
  readonly propagated: Propagated;
  /** Sides of the key frame's picture over those that the frame passes at; a multiple of {@link PICTURE_STRIDE}. */
  readonly divisor: 2 | 4;
  /** Channels inside φ_r. */
  readonly hidden: number;
  readonly correction: Correction;
}

export const DEFAULT_POINT: PointDesign = {
  propagated: 'refined',
  divisor: 2,
  hidden: 32,
  correction: FULL_CORRECTION,
};

/** Channels and stride, in the key frame's picture, of what is propagated. */
export function propagatedShape(propagated: Propagated, classes: number): { channels: number; stride: 8 } {
  return { channels: propagated === 'scores' ? classes : SEGMENTER_CHANNELS, stride: SEGMENTER_STRIDE };
}

/**
 * Strides are those of the key frame's picture. Inputs: `image`, the frame at half that size; `warped`, what was
 * propagated (F̂_t, stride 8); `residual` (3 planes at stride 8) with RGA. Outputs: `scores` and `context` (F_t), both at
 * stride 8, with RGA `attention`. Without CFR there is no image: what is warped is read as it is.
 */
export function propagatedFrameNetwork(
  classes: number,
  design: PointDesign = DEFAULT_POINT,
): NetworkDescription {
  const { propagated, correction } = design;
  const list = new LayerList();
  const { channels, stride } = propagatedShape(propagated, classes);
  const outputs: Record<string, string> = {};
  const image = correction.cfr ? list.pixels('image', 'imagenet', PICTURE_STRIDE) : undefined;
  const warped = list.features('warped', channels, stride);
  outputs.context = image === undefined ? warped : correct(list, image, warped, classes, design, outputs);
  outputs.scores =
    propagated === 'scores' ? outputs.context : segmenterScores(list, outputs.context, classes);
  return { name: `nonkey-efficientvit-${propagated}-${design.divisor}`, layers: list.layers, outputs };
}

/**
 * F_t = F̂_t + A_t ⊙ (f_t − F̂_t + φ_r([F̂_t, f_t])), f_t what the frame itself gives at its size: so A_t chooses between
 * what was warped and what is seen, and φ_r, which starts at zero, mends both. A_t is guided by the residual, and by what
 * φ_r's hidden layer knows of both: what is thin or rare is lost at the frame's smaller size, whatever the residual.
 * Without RGA there is no choice: F_t = F̂_t + φ_r([F̂_t, f_t]), the paper's. φ_r has a hidden layer, whose part that reads
 * f_t is computed at f_t's own size.
 */
function correct(
  list: LayerList,
  image: string,
  warped: string,
  classes: number,
  { propagated, divisor, hidden, correction }: PointDesign,
  outputs: Record<string, string>,
): string {
  const { channels, stride } = propagatedShape(propagated, classes);
  const picture = divisor === PICTURE_STRIDE ? image : list.in('encoder').halve('image.halved', image);
  const { refined } = segmenterFeatures(list, picture);
  const cfr = list.in('CFR');
  const spatial = cfr.convolution('cfr.spatial', refined, hidden, { kernel: 3, bias: true });
  const enlarged = cfr.enlarge('cfr.enlarged', spatial, warped, divisor);
  const kept = cfr.convolution('cfr.kept', warped, hidden);
  const inner = cfr.activation('cfr.inner', cfr.join('add', 'cfr.sum', [enlarged, kept]), 'hardSwish');
  const around = { kernel: 3, depthwise: true, bias: true, activation: 'hardSwish' } as const;
  const gathered = cfr.convolution('cfr.gathered', inner, hidden, around);
  let rectification = cfr.convolution('cfr', gathered, channels, { bias: true });
  if (correction.rga) {
    outputs.attention = residualAttention(list, stride, gathered);
    const seen = propagated === 'scores' ? segmenterScores(list, refined, classes) : refined;
    const difference = cfr.join('add', 'cfr.difference', [
      cfr.enlarge('cfr.seen', seen, warped, divisor),
      cfr.scale('cfr.without', warped, -1),
    ]);
    rectification = cfr.join('add', 'cfr.rectification', [difference, rectification]);
    rectification = cfr.join('multiply', 'cfr.guided', [rectification, outputs.attention]);
  }
  return cfr.join('add', 'cfr.corrected', [warped, rectification]);
}
