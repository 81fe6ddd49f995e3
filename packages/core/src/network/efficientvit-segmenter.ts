/** EfficientViT-Seg-B0 (Cai et al., ICCV 2023): the encoder with its authors' own head, a per-frame network. */
import { appendEfficientVitB0, invertedResidual } from './backbones/efficientvit-b0.js';
import type { NetworkDescription } from './description.js';
import { LayerList } from './layers.js';

const WIDTH = 32;
const EXPANSION = 4;

/**
 * Outputs: `scores` (classes, stride 8) and `context` (32 channels, stride 8), the sum of the last three stages, which
 * the rest of the head reads. Stages are enlarged bilinearly, where the authors do it bicubically: two to three times as
 * fast in ONNX Runtime.
 */
export function efficientVitSegmenter(classes: number): NetworkDescription {
  const list = new LayerList();
  const { head2, head3, deepest } = appendEfficientVitB0(
    list.in('encoder'),
    list.pixels('image', 'imagenet'),
  );
  const head = list.in('decoder');
  const inner = head.convolution('head.stage2', head2, WIDTH, { norm: true });
  const project = (stage: 3 | 4, feature: string, factor: 2 | 4): string => {
    const projected = head.convolution(`head.stage${stage}`, feature, WIDTH, { norm: true });
    return head.enlarge(`head.stage${stage}.enlarged`, projected, inner, factor);
  };
  const context = [project(4, deepest, 4), project(3, head3, 2), inner].reduce((sum, part, i) =>
    head.join('add', `head.sum${i}`, [sum, part]),
  );
  const refined = invertedResidual(head, 'head', context, { channels: WIDTH, wide: EXPANSION * WIDTH });
  const sum = head.join('add', 'head.sum', [context, refined]);
  const wide = head.convolution('head.wide', sum, EXPANSION * WIDTH, { norm: true, activation: 'hardSwish' });
  const scores = list.in('classifier').convolution('classifier', wide, classes, { bias: true });
  return { name: 'efficientvit-seg-b0', layers: list.layers, outputs: { scores, context } };
}
