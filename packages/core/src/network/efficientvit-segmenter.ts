/** EfficientViT-Seg-B0 (Cai et al., ICCV 2023): the encoder with its authors' own head, a per-frame network. */
import { appendEfficientVitB0, invertedResidual } from './backbones/efficientvit-b0.js';
import type { NetworkDescription } from './description.js';
import { LayerList } from './layers.js';

/** Channels of the head's features, and their stride in the picture that the network sees. */
export const SEGMENTER_CHANNELS = 32;
export const SEGMENTER_STRIDE = 8;
const EXPANSION = 4;

/**
 * Outputs, all at stride 8: `scores` (classes); `context`, the sum of the last three stages (32 channels); `refined`,
 * the same behind the head's only block (32 channels): what is left from there is two 1 × 1 convolutions. Stages are
 * enlarged bilinearly, where the authors do it bicubically: two to three times as fast in ONNX Runtime.
 */
export function efficientVitSegmenter(classes: number): NetworkDescription {
  const list = new LayerList();
  const { context, refined } = segmenterFeatures(list, list.pixels('image', 'imagenet'));
  const scores = segmenterScores(list, refined, classes);
  return { name: 'efficientvit-seg-b0', layers: list.layers, outputs: { scores, context, refined } };
}

/** Encoder and head up to its refined feature, of pixels of any stride. */
export function segmenterFeatures(list: LayerList, image: string): { context: string; refined: string } {
  const { head2, head3, deepest } = appendEfficientVitB0(list.in('encoder'), image);
  const head = list.in('decoder');
  const inner = head.convolution('head.stage2', head2, SEGMENTER_CHANNELS, { norm: true });
  const project = (stage: 3 | 4, feature: string, factor: 2 | 4): string => {
    const projected = head.convolution(`head.stage${stage}`, feature, SEGMENTER_CHANNELS, { norm: true });
    return head.enlarge(`head.stage${stage}.enlarged`, projected, inner, factor);
  };
  const context = [project(4, deepest, 4), project(3, head3, 2), inner].reduce((sum, part, i) =>
    head.join('add', `head.sum${i}`, [sum, part]),
  );
  const wide = EXPANSION * SEGMENTER_CHANNELS;
  const block = invertedResidual(head, 'head', context, { channels: SEGMENTER_CHANNELS, wide });
  return { context, refined: head.join('add', 'head.sum', [context, block]) };
}

/** The rest of the head: class scores of its refined feature. */
export function segmenterScores(list: LayerList, refined: string, classes: number): string {
  const wide = EXPANSION * SEGMENTER_CHANNELS;
  const activated = { norm: true, activation: 'hardSwish' } as const;
  const inner = list.in('decoder').convolution('head.wide', refined, wide, activated);
  return list.in('classifier').convolution('classifier', inner, classes, { bias: true });
}
