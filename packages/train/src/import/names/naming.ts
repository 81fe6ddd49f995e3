/** What a naming scheme says: how one program names the layers of an encoder, and what its numbers assume. */
import { BACKBONES, type BackboneName } from '@twnet/core/network/backbones';

/** The program of this project's own names, `convNN.weight` and `convNN.bias`. */
export const OWN_PROGRAM = "twnet's";

/** Names of a batch norm's vectors. */
export interface NormNames {
  readonly gamma: string;
  readonly beta: string;
  readonly mean: string;
  readonly variance: string;
}

/** Names of one convolution's tensors. */
export interface LayerNames {
  readonly weight: string;
  /** Of a convolution without batch norm, or with one folded in; few have neither. */
  readonly bias?: string;
  readonly norm?: NormNames;
}

/** How 8-bit pixels entered the network while its weights were trained. */
export const PIXEL_RANGES = {
  /** (x / 255 − mean) / deviation, ImageNet's per channel. */
  imagenet: {
    scale: [0.229, 0.224, 0.225].map((d) => 1 / (255 * d)),
    zero: [0.485, 0.456, 0.406].map((m) => 255 * m),
  },
  /** x / 127.5 − 1: TensorFlow's, and Inception's. */
  symmetric: { scale: [1 / 127.5, 1 / 127.5, 1 / 127.5], zero: [127.5, 127.5, 127.5] },
  /** x / 255. */
  unit: { scale: [1 / 255, 1 / 255, 1 / 255], zero: [0, 0, 0] },
  /** As encoders mostly take them here: see normalisation.ts. */
  twnet: { scale: [1 / 127.5, 1 / 127.5, 1 / 127.5], zero: [128, 128, 128] },
} as const satisfies Record<string, { scale: readonly number[]; zero: readonly number[] }>;

export type PixelRange = keyof typeof PIXEL_RANGES;

/** How an encoder takes pixels here. */
export const ownPixels = (backbone: BackboneName): PixelRange =>
  BACKBONES[backbone].normalisation === 'imagenet' ? 'imagenet' : 'twnet';

export interface Naming {
  /** For people: “torchvision's”. */
  readonly program: string;
  readonly backbone: BackboneName;
  /** The encoder's convolutions in order of execution. */
  readonly layers: readonly LayerNames[];
  /** Names, without prefix, of the encoder's and the classifier's layers: what else matches is of a larger network. */
  readonly encoder: RegExp;
  /** Layers behind the encoder, which are left. */
  readonly head: RegExp;
  /** Order of a convolution's weights; TensorFlow's depthwise ones are rows, columns, channels, multiplier. */
  readonly order: 'OIHW' | 'HWIO';
  /** Variance floor of the batch norms. */
  readonly epsilon: number;
  readonly pixels: PixelRange;
  /** Padding at stride 2, as in padding.ts. */
  readonly padding: 'end' | 'both';
}
