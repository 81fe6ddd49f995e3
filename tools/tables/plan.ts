/** Which networks the paper's tables want beside the model that ships, and how each is trained (docs/recipe/tables-*.json). */
import type { BackboneName } from '@twnet/core/network/backbones';

/** One training of step 2. */
export interface LayerTraining {
  /** The model that the network is added to. */
  readonly model: string;
  readonly layer: 1 | 2;
  readonly recipe: 'tables-layer' | 'tables-correction';
  /** The model whose network of that layer is trained further; `shipped`: the one that ships. */
  readonly from?: string;
  /** Over the recipe. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface KeyTraining {
  readonly model: string;
  readonly backbone: BackboneName;
  /** File in the folder of weights that the encoder starts from; without, it starts at random. */
  readonly encoder?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export const SHIPPED = 'shipped';

/** Table 8, beside the shipped MobileNetV1. */
export const BACKBONE_MODELS: readonly KeyTraining[] = [
  {
    model: 'tables-mobilenet-v2',
    backbone: 'mobilenet-v2',
    encoder: 'mobilenet-v2-imagenet.safetensors',
  },
  // No weights to start from are at hand. Its blocks have no norms: at the full rate their features grow beyond 10⁵.
  { model: 'tables-resnet-18', backbone: 'resnet-18', config: { encoderRateFactor: 0.05 } },
  {
    model: 'tables-efficientvit-b0',
    backbone: 'efficientvit-b0',
    encoder: 'efficientvit-seg-b0-cityscapes.safetensors',
    // Its weights are small: at 0.1 they move so fast that the stored statistics of the norms don't fit them.
    config: { encoderRateFactor: 0.02 },
  },
];

const FINE_TUNED = 'tables-fine-tuned';
const CFR_ALONE = { rga: false };

/** Tables 1 to 4: models on the shipped key-frame network that differ in their modules, or in λ1, alone. */
export const VARIANT_MODELS: readonly Omit<LayerTraining, 'layer'>[] = [
  { model: FINE_TUNED, recipe: 'tables-layer', from: SHIPPED },
  ...[0, 1, 10, 20].map((consistencyWeight) => ({
    model: `tables-cfr-${consistencyWeight}`,
    recipe: 'tables-correction' as const,
    from: FINE_TUNED,
    config: { ...CFR_ALONE, consistencyWeight },
  })),
  { model: 'tables-full', recipe: 'tables-correction', from: FINE_TUNED, config: { consistencyWeight: 10 } },
];

/** At both layers. Layer 1 as shipped was fine-tuned without a correction and fixed then: only Layer 2 is tuned anew. */
export const VARIANT_TRAININGS: readonly LayerTraining[] = ([1, 2] as const).flatMap((layer) =>
  VARIANT_MODELS.map((training) =>
    training.model === FINE_TUNED && layer === 1
      ? { ...training, layer, config: { ...training.config, steps: 0 } }
      : { ...training, layer },
  ),
);

/** Fine-tuned, then corrected, both layers. */
export const layerTrainings = (model: string): readonly LayerTraining[] =>
  ([1, 2] as const).flatMap((layer) => [
    { model, layer, recipe: 'tables-layer' },
    { model, layer, recipe: 'tables-correction', from: model, config: { consistencyWeight: 1 } },
  ]);
