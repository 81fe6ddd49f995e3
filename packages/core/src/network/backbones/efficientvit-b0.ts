/** EfficientViT-B0 (Cai et al., ICCV 2023) as its authors lay it out, whose weights it fits: padding on both sides. */
import type { LayerList } from '../layers.js';
import type { EncoderTaps } from './encoder-layers.js';

/** Channels of a group's queries; its keys and its values have as many. */
const ATTENTION_SIZE = 16;

/** Channels of a stage, and its blocks: the first halves the grid; `attend`: attention goes before each other one. */
const STAGES: readonly { readonly channels: number; readonly blocks: number; readonly attend?: true }[] = [
  { channels: 16, blocks: 2 },
  { channels: 32, blocks: 2 },
  { channels: 64, blocks: 3, attend: true },
  { channels: 128, blocks: 3, attend: true },
];
const STEM_CHANNELS = 8;
const EXPANSION = 4;

export function appendEfficientVitB0(list: LayerList, input: string): EncoderTaps {
  let x = list.convolution('encoder.stem', input, STEM_CHANNELS, { ...SWISH, kernel: 3, stride: 2 });
  const filtered = list.convolution('encoder.stem.depth', x, STEM_CHANNELS, {
    ...SWISH,
    kernel: 3,
    depthwise: true,
  });
  const point = list.convolution('encoder.stem.point', filtered, STEM_CHANNELS, { norm: true });
  x = list.join('add', 'encoder.stem.sum', [x, point]);
  let wide = EXPANSION * STEM_CHANNELS;
  const [head1, head2, head3, deepest] = STAGES.map(({ channels, blocks, attend = false }, s) => {
    for (let b = 0; b < blocks; b++) {
      const name = `encoder.stage${s + 1}.block${b}`;
      const options = { channels, wide, biased: attend };
      if (b === 0) x = invertedResidual(list, name, x, { ...options, stride: 2 });
      else {
        if (attend) x = list.join('add', `${name}.attended`, [x, attention(list, name, x, channels)]);
        x = list.join('add', `${name}.sum`, [x, invertedResidual(list, name, x, options)]);
      }
      wide = EXPANSION * channels;
    }
    return x;
  });
  return { head1, head2, head3, deepest };
}

const SWISH = { norm: true, activation: 'hardSwish', padding: 'both' } as const;

interface InvertedResidual {
  readonly channels: number;
  /** Channels in between. */
  readonly wide: number;
  readonly stride?: 1 | 2;
  /** The first two convolutions have a bias and no norm. */
  readonly biased?: boolean;
}

/** MobileNetV2's block: 1 × 1 to more channels, depthwise 3 × 3, 1 × 1 back without an activation. */
export function invertedResidual(
  list: LayerList,
  name: string,
  input: string,
  { channels, wide, stride = 1, biased = false }: InvertedResidual,
): string {
  const inner = { ...SWISH, norm: !biased, bias: biased } as const;
  const expanded = list.convolution(`${name}.expand`, input, wide, inner);
  const depthwise = { ...inner, kernel: 3, stride, depthwise: true } as const;
  const filtered = list.convolution(`${name}.depth`, expanded, wide, depthwise);
  return list.convolution(`${name}.point`, filtered, channels, { norm: true });
}

/** Attention over queries, keys and values of each cell alone, and over those of its 5 × 5 neighbours. */
function attention(list: LayerList, name: string, input: string, channels: number): string {
  const near = list.convolution(`${name}.qkv`, input, 3 * channels);
  const gathered = list.convolution(`${name}.gather`, near, 3 * channels, {
    kernel: 5,
    depthwise: true,
    padding: 'both',
  });
  const groups = (3 * channels) / ATTENTION_SIZE;
  const far = list.convolution(`${name}.mix`, gathered, 3 * channels, { groups });
  const joined = list.join('concat', `${name}.scales`, [near, far]);
  const attended = list.linearAttention(`${name}.attention`, joined, ATTENTION_SIZE);
  return list.convolution(`${name}.project`, attended, channels, { norm: true });
}
