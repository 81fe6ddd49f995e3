/**
 * ResNet-18 (He et al. 2016) as torchvision lays it out, whose weights it fits: padding on both sides, the
 * stride in a block's first 3 × 3 convolution and in its 1 × 1 shortcut.
 */
import type { LayerList } from '../layers.js';
import { EncoderLayers, type EncoderTaps } from './encoder-layers.js';

/** Channels and first stride of each stage of two blocks, conv2_x to conv5_x. */
const STAGES: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [256, 2],
  [512, 2],
];
const BLOCKS_A_STAGE = 2;

export function appendResNet18(list: LayerList, input: string): EncoderTaps {
  const encoder = new EncoderLayers(list, { activation: 'relu', padding: 'both' });
  let channels = 64;
  let x = encoder.conv(input, channels, { kernel: 7, stride: 2 });
  x = list.maxPool('encoder.pool', x);
  const [head1, head2, head3, deepest] = STAGES.map(([out, firstStride], stage) => {
    for (let i = 0; i < BLOCKS_A_STAGE; i++) {
      const stride = i === 0 ? firstStride : 1;
      const block = `encoder.conv${stage + 2}_${i + 1}`;
      const first = encoder.conv(x, out, { kernel: 3, stride });
      const second = encoder.conv(first, out, { kernel: 3, activation: 'none' });
      const shortcut =
        stride === 1 && channels === out ? x : encoder.conv(x, out, { stride, activation: 'none' });
      x = list.activation(block, list.join('add', `${block}.sum`, [shortcut, second]), 'relu');
      channels = out;
    }
    return x;
  });
  // Slim's conv2_2, conv3_2, conv4_2, conv5_2: the ends of the stages.
  return { head1, head2, head3, deepest };
}
