/** The key-frame CNN (per-frame network): encoder, pyramid pooling, lateral decoder, classifier. */

import type { EncoderTaps } from './backbones/encoder-layers.js';
import { BACKBONES, type BackboneName } from './backbones.js';
import type { NetworkDescription } from './description.js';
import { LayerList } from './layers.js';

/** Which decoder layer's output is warped (Sec. 4.4.2). */
export type WarpLayer = 1 | 2 | 3;

/** Channels and stride of the context feature, the output of decoder layer k. */
export const CONTEXT: Readonly<Record<WarpLayer, { channels: number; stride: 4 | 8 | 16 }>> = {
  1: { channels: 128, stride: 16 },
  2: { channels: 64, stride: 8 },
  3: { channels: 64, stride: 4 },
};

const PYRAMID_BINS = [1, 2, 4, 8];
const PYRAMID_CHANNELS = 256;

/** Outputs: `scores` (classes, stride 4) and `context1`, `context2`, `context3`. */
export function keyFrameNetwork(backbone: BackboneName, classes: number): NetworkDescription {
  const list = new LayerList();
  const { append, normalisation } = BACKBONES[backbone];
  const taps = append(list.in('encoder'), list.pixels('image', normalisation));
  const top = pyramid(list.in('pyramid pooling'), taps.deepest);
  const context1 = lateral(list, 1, top, skip(list, 1, taps));
  const context2 = lateral(list, 2, context1, skip(list, 2, taps));
  const context3 = lateral(list, 3, context2, skip(list, 3, taps));
  const scores = classifier(list, context3, classes);
  return { name: `key-${backbone}`, layers: list.layers, outputs: { scores, context1, context2, context3 } };
}

/** Pyramid pooling over the deepest feature: the whole, and averages over 1, 2, 4, 8 bins a side. */
function pyramid(list: LayerList, deepest: string): string {
  const main = list.convolution('pyramid.main', deepest, 512, { bias: true });
  const pooled = PYRAMID_BINS.map((bins) => {
    const averages = list.pool(`pyramid.average${bins}`, deepest, bins);
    const projected = list.convNormRelu(`pyramid.pool${bins}`, averages, 128, 1);
    return list.resize(`pyramid.spread${bins}`, projected, deepest);
  });
  const joined = list.join('concat', 'pyramid.joined', [main, ...pooled]);
  return list.convNormRelu('pyramid.fuse', joined, PYRAMID_CHANNELS, 1);
}

const HEADS: Readonly<Record<WarpLayer, keyof EncoderTaps>> = { 1: 'head3', 2: 'head2', 3: 'head1' };

/** The head's feature projected to the width of what it is added to in decoder layer `layer`. */
export function skip(list: LayerList, layer: WarpLayer, taps: EncoderTaps): string {
  const width = layer === 1 ? PYRAMID_CHANNELS : CONTEXT[layer === 2 ? 1 : 2].channels;
  return list.in('heads').convNormRelu(`lateral${layer}.skip`, taps[HEADS[layer]], width, 1);
}

/**
 * Decoder layer: enlarge, add the projected head, 3 × 3 convolution.
 *
 * @param rank 0: the convolution as it is; else as two, 3 × 3 to as many channels and 1 × 1 from them
 */
export function lateral(list: LayerList, layer: WarpLayer, below: string, skipped: string, rank = 0): string {
  const decoder = list.in('decoder');
  const enlarged = decoder.enlarge(`lateral${layer}.enlarged`, below, skipped);
  const sum = decoder.join('add', `lateral${layer}.sum`, [enlarged, skipped]);
  const { channels } = CONTEXT[layer];
  if (rank === 0) return decoder.convNormRelu(`lateral${layer}.fuse`, sum, channels, 3);
  const basis = decoder.convolution(`lateral${layer}.basis`, sum, rank, { kernel: 3 });
  return decoder.convNormRelu(`lateral${layer}.fuse`, basis, channels, 1);
}

/** Class scores at stride 4. */
export function classifier(list: LayerList, context3: string, classes: number): string {
  return list.in('classifier').convolution('classifier', context3, classes, { kernel: 3, bias: true });
}
