/** What the tables of the backbones are written with. */
import type { Activation, ConvolutionLayer, PixelNormalisation } from '../description.js';
import type { LayerList } from '../layers.js';

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
  /** How pixels enter, which its weights were trained with. */
  readonly normalisation: PixelNormalisation;
}

type EncoderConvolution = Partial<Pick<ConvolutionLayer, 'kernel' | 'stride' | 'depthwise' | 'activation'>>;

/**
 * Convolutions numbered in order of execution, `encoder.conv00` first, batch norm folded into weight and bias,
 * as ImageNet weights come.
 */
export class EncoderLayers {
  private count = 0;

  constructor(
    private readonly list: LayerList,
    private readonly defaults: { activation: Activation; padding: ConvolutionLayer['padding'] },
  ) {}

  conv(input: string, channels: number, options: EncoderConvolution = {}): string {
    const name = `encoder.conv${String(this.count++).padStart(2, '0')}`;
    return this.list.convolution(name, input, channels, { bias: true, ...this.defaults, ...options });
  }
}
