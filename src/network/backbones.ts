/**
 * Encoders as tables (the paper's Table 7 names their heads). Convolutions are numbered in order of
 * execution, `encoder.conv00` first, batch norm folded into weight and bias, as ImageNet weights come.
 */
import type { LayerList } from './layers.js';

/** Layers that the decoder and the non-key-frame CNN attach to. */
export interface EncoderTaps {
  /** Stride 4. */
  readonly head1: string;
  /** Stride 8. */
  readonly head2: string;
  /** Stride 16. */
  readonly head3: string;
  /** Stride 32. */
  readonly deepest: string;
}

export interface Backbone {
  /** Appends the encoder after the pixels `input`. */
  readonly append: (list: LayerList, input: string) => EncoderTaps;
}

class EncoderLayers {
  private count = 0;
  constructor(private readonly list: LayerList) {}

  conv(
    input: string,
    channels: number,
    options: { kernel?: 3; stride?: 1 | 2; depthwise?: boolean; linear?: boolean },
  ): string {
    const name = `encoder.conv${String(this.count++).padStart(2, '0')}`;
    const { kernel = 1, stride = 1, depthwise = false, linear = false } = options;
    const activation = linear ? 'none' : 'relu6';
    return this.list.convolution(name, input, channels, {
      kernel,
      stride,
      depthwise,
      bias: true,
      activation,
    });
  }
}

/** MobileNetV1 1.0: output channels and stride of each depthwise + pointwise pair. */
const MOBILENET_V1_PAIRS: readonly (readonly [channels: number, stride: 1 | 2])[] = [
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

function appendMobileNetV1(list: LayerList, input: string): EncoderTaps {
  const encoder = new EncoderLayers(list);
  let channels = 32;
  let x = encoder.conv(input, channels, { kernel: 3, stride: 2 });
  const pairs = MOBILENET_V1_PAIRS.map(([out, stride]) => {
    x = encoder.conv(x, channels, { kernel: 3, stride, depthwise: true });
    x = encoder.conv(x, out, {});
    channels = out;
    return x;
  });
  // Slim's conv2d_3, conv2d_5, conv2d_11, conv2d_13: the pairs are counted from 1.
  return { head1: pairs[2], head2: pairs[4], head3: pairs[10], deepest: pairs[12] };
}

/** MobileNetV2 1.0: expansion, channels, repeats, first stride of each stage. */
const MOBILENET_V2_STAGES: readonly (readonly [
  expansion: number,
  channels: number,
  repeats: number,
  stride: 1 | 2,
])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

function appendMobileNetV2(list: LayerList, input: string): EncoderTaps {
  const encoder = new EncoderLayers(list);
  let channels = 32;
  let blocks = 0;
  let x = encoder.conv(input, channels, { kernel: 3, stride: 2 });
  const stages = MOBILENET_V2_STAGES.map(([expansion, out, repeats, firstStride]) => {
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      const wide = expansion * channels;
      const expanded = expansion === 1 ? x : encoder.conv(x, wide, {});
      const filtered = encoder.conv(expanded, wide, { kernel: 3, stride, depthwise: true });
      const projected = encoder.conv(filtered, out, { linear: true });
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

export const BACKBONES = {
  'mobilenet-v1': { append: appendMobileNetV1 },
  'mobilenet-v2': { append: appendMobileNetV2 },
} as const satisfies Record<string, Backbone>;

export type BackboneName = keyof typeof BACKBONES;
