/** MobileNetV2 1.0 (Sandler et al. 2018). */
import type { LayerList } from '../layers.js';
import { EncoderLayers, type EncoderTaps } from './encoder-layers.js';

/** Expansion, channels, repeats, first stride of each stage. */
const STAGES: readonly (readonly [expansion: number, channels: number, repeats: number, stride: 1 | 2])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

export function appendMobileNetV2(list: LayerList, input: string): EncoderTaps {
  const encoder = new EncoderLayers(list, { activation: 'relu6', padding: 'end' });
  let channels = 32;
  let blocks = 0;
  let x = encoder.conv(input, channels, { kernel: 3, stride: 2 });
  const stages = STAGES.map(([expansion, out, repeats, firstStride]) => {
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      const wide = expansion * channels;
      const expanded = expansion === 1 ? x : encoder.conv(x, wide);
      const filtered = encoder.conv(expanded, wide, { kernel: 3, stride, depthwise: true });
      const projected = encoder.conv(filtered, out, { activation: 'none' });
      const residual = stride === 1 && channels === out;
      x = residual ? list.join('add', `encoder.block${blocks}.sum`, [x, projected]) : projected;
      channels = out;
      blocks += 1;
    }
    return x;
  });
  // Slim's layer_4, layer_7, layer_14, layer_18: the ends of the 24-, 32-, 96- and 320-channel stages.
  return { head1: stages[1], head2: stages[2], head3: stages[4], deepest: stages[6] };
}
