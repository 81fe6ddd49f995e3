/** A growing list of layers: each call appends one and gives its name. */
import type {
  ActivationLayer,
  ConvolutionLayer,
  EnlargeLayer,
  JoinLayer,
  Layer,
  Module,
  PixelNormalisation,
} from './description.js';

type ConvolutionOptions = Partial<
  Pick<
    ConvolutionLayer,
    'kernel' | 'stride' | 'padding' | 'depthwise' | 'groups' | 'bias' | 'norm' | 'activation'
  >
>;

export class LayerList {
  constructor(
    readonly layers: Layer[] = [],
    private readonly module?: Module,
  ) {}

  /** The same list; what is appended through it belongs to `module`. */
  in(module: Module): LayerList {
    return new LayerList(this.layers, module);
  }

  /** The frame: 8-bit RGB pixels; `stride`: its sides are that part of the network's. */
  pixels(name: string, normalisation?: PixelNormalisation, stride = 1): string {
    const pixels = { kind: 'input', name, channels: 3, stride, content: 'pixels' } as const;
    return this.append(normalisation ? { ...pixels, normalisation } : pixels);
  }

  features(name: string, channels: number, stride: number): string {
    return this.append({ kind: 'input', name, channels, stride, content: 'features' });
  }

  /** Default: 1 × 1, stride 1, no bias, no norm, no activation. */
  convolution(name: string, input: string, channels: number, options: ConvolutionOptions = {}): string {
    const defaults = {
      kernel: 1,
      stride: 1,
      padding: 'end',
      depthwise: false,
      bias: false,
      norm: false,
      activation: 'none',
    } as const;
    return this.append({ kind: 'convolution', name, input, channels, ...defaults, ...options });
  }

  /** Convolution, batch norm, ReLU. */
  convNormRelu(name: string, input: string, channels: number, kernel: 1 | 3): string {
    return this.convolution(name, input, channels, { kernel, norm: true, activation: 'relu' });
  }

  maxPool(name: string, input: string): string {
    return this.append({ kind: 'maxPool', name, input });
  }

  activation(name: string, input: string, activation: ActivationLayer['activation']): string {
    return this.append({ kind: 'activation', name, input, activation });
  }

  pool(name: string, input: string, bins: number): string {
    return this.append({ kind: 'pool', name, input, bins });
  }

  resize(name: string, input: string, like: string): string {
    return this.append({ kind: 'resize', name, input, like });
  }

  enlarge(name: string, input: string, like: string, factor: EnlargeLayer['factor'] = 2): string {
    return this.append({ kind: 'enlarge', name, input, like, factor });
  }

  linearAttention(name: string, input: string, size: number): string {
    return this.append({ kind: 'linearAttention', name, input, size });
  }

  halve(name: string, input: string): string {
    return this.append({ kind: 'halve', name, input });
  }

  join(kind: JoinLayer['kind'], name: string, inputs: readonly string[]): string {
    return this.append({ kind, name, inputs });
  }

  scale(name: string, input: string, factor: number): string {
    return this.append({ kind: 'scale', name, input, factor });
  }

  private append(layer: Layer): string {
    if (this.layers.some(({ name }) => name === layer.name))
      throw new Error(`two layers are named ${layer.name}`);
    const { module } = this;
    this.layers.push(module === undefined || layer.kind === 'input' ? layer : { ...layer, module });
    return layer.name;
  }
}
