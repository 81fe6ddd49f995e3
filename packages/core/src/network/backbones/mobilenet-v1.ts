/** MobileNetV1 1.0 (Howard et al. 2017). */
import type { LayerList } from '../layers.js';
import { EncoderLayers, type EncoderTaps } from './encoder-layers.js';

/** Output channels and stride of each depthwise + pointwise pair. */
const PAIRS: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

export function appendMobileNetV1(list: LayerList, input: string): EncoderTaps {
  const encoder = new EncoderLayers(list, { activation: 'relu6', padding: 'end' });
  let channels = 32;
  let x = encoder.conv(input, channels, { kernel: 3, stride: 2 });
  const pairs = PAIRS.map(([out, stride]) => {
    x = encoder.conv(x, channels, { kernel: 3, stride, depthwise: true });
    x = encoder.conv(x, out);
    channels = out;
    return x;
  });
  // Slim's conv2d_3, conv2d_5, conv2d_11, conv2d_13: the pairs are counted from 1.
  return { head1: pairs[2], head2: pairs[4], head3: pairs[10], deepest: pairs[12] };
}
