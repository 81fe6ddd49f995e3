/**
 * A network as data: a list of layers in order of execution. Shapes, parameters, cost, the inference graph
 * and the training graph are all derived from it, by `lower.ts`.
 */

export type Activation = 'none' | 'relu' | 'relu6' | 'hardSwish' | 'sigmoid';

/** How 8-bit pixels enter: about −1 to 1, or by ImageNet's mean and deviation. */
export type PixelNormalisation = 'symmetric' | 'imagenet';

/** Parts of the networks, in the order of the data's way. */
export const MODULES = [
  'encoder',
  'pyramid pooling',
  'heads',
  'CFR',
  'RGA',
  'decoder',
  'classifier',
] as const;
export type Module = (typeof MODULES)[number];

interface Named {
  /** Name of the layer and of its output; parameters are `<name>.weight`, `<name>.norm.gamma`, … */
  readonly name: string;
  /** The part of the network that it belongs to; inputs belong to none. */
  readonly module?: Module;
}

export interface InputLayer extends Named {
  readonly kind: 'input';
  readonly channels: number;
  /** Pixels of the frame a cell of this input covers. */
  readonly stride: number;
  /** 'pixels': 8-bit RGB, normalised on entry; 'features': float32 as they are. */
  readonly content: 'pixels' | 'features';
  /** Of pixels; see normalisation.ts. Default 'symmetric'. */
  readonly normalisation?: PixelNormalisation;
}

export interface ConvolutionLayer extends Named {
  readonly kind: 'convolution';
  readonly input: string;
  readonly channels: number;
  readonly kernel: 1 | 3 | 5 | 7;
  readonly stride: 1 | 2;
  /** Where the zeros go at stride 2: see `paddingOf`, lower.ts. */
  readonly padding: 'end' | 'both';
  readonly depthwise: boolean;
  /** Groups of channels that are convolved apart; default 1. Depthwise there are as many as channels. */
  readonly groups?: number;
  readonly bias: boolean;
  readonly norm: boolean;
  readonly activation: Activation;
}

/** Largest of 3 × 3 cells at stride 2, centred on every second cell. */
export interface MaxPoolLayer extends Named {
  readonly kind: 'maxPool';
  readonly input: string;
}

/** An activation on its own, where it follows no convolution. */
export interface ActivationLayer extends Named {
  readonly kind: 'activation';
  readonly input: string;
  readonly activation: Exclude<Activation, 'none'>;
}

/** Adaptive average pooling to `bins × bins`. */
export interface PoolLayer extends Named {
  readonly kind: 'pool';
  readonly input: string;
  readonly bins: number;
}

/** Bilinear resizing to the grid of another layer, half-pixel centres. */
export interface ResizeLayer extends Named {
  readonly kind: 'resize';
  readonly input: string;
  readonly like: string;
}

/** Bilinear enlarging, cropped to the grid of another layer: stays aligned with strides at any size. */
export interface EnlargeLayer extends Named {
  readonly kind: 'enlarge';
  readonly input: string;
  readonly like: string;
  /** Default 2. */
  readonly factor?: 2 | 4;
}

/** Averages over 2 × 2 cells; a window cut by the border averages what is inside. */
export interface HalveLayer extends Named {
  readonly kind: 'halve';
  readonly input: string;
}

/** Attention over all cells at a cost linear in them; see the operator of that name. */
export interface LinearAttentionLayer extends Named {
  readonly kind: 'linearAttention';
  /** Groups of `3 size` channels: queries, keys, values. The output has a third of the channels. */
  readonly input: string;
  readonly size: number;
}

interface Join<K extends string> extends Named {
  readonly kind: K;
  readonly inputs: readonly string[];
}
export type JoinLayer = Join<'concat'> | Join<'add'> | Join<'multiply'>;

export interface ScaleLayer extends Named {
  readonly kind: 'scale';
  readonly input: string;
  readonly factor: number;
}

export type Layer =
  | InputLayer
  | ConvolutionLayer
  | MaxPoolLayer
  | ActivationLayer
  | PoolLayer
  | ResizeLayer
  | EnlargeLayer
  | HalveLayer
  | LinearAttentionLayer
  | JoinLayer
  | ScaleLayer;

export interface NetworkDescription {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Output name → layer. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The layers that a layer reads. */
export function inputsOf(layer: Layer): readonly string[] {
  if (layer.kind === 'input') return [];
  return 'inputs' in layer ? layer.inputs : [layer.input];
}

/** Groups of channels that a convolution takes apart. */
export function groupsOf({ depthwise, groups = 1, channels }: ConvolutionLayer): number {
  return depthwise ? channels : groups;
}

/** Leaves out every layer that no output depends on (inputs included). */
export function pruned(description: NetworkDescription): NetworkDescription {
  const needed = new Set(Object.values(description.outputs));
  const layers = description.layers.toReversed().filter((layer) => {
    if (!needed.has(layer.name)) return false;
    for (const input of inputsOf(layer)) needed.add(input);
    if ('like' in layer) needed.add(layer.like);
    return true;
  });
  return { ...description, layers: layers.reverse() };
}
