/** Names in PyTorch's state dicts: torchvision's and timm's. */
import type { LayerNames, Naming } from './naming.js';

/** A convolution `conv` without bias, and the batch norm `norm` behind it. */
const pair = (conv: string, norm: string): LayerNames => ({
  weight: `${conv}.weight`,
  norm: {
    gamma: `${norm}.weight`,
    beta: `${norm}.bias`,
    mean: `${norm}.running_mean`,
    variance: `${norm}.running_var`,
  },
});

const torch = { order: 'OIHW', epsilon: 1e-5, padding: 'both' } as const;

/** torchvision.models.resnet18, timm's resnet18: a block's two convolutions, then its shortcut. */
const resNet18: Naming = {
  ...torch,
  program: "torchvision's and timm's",
  backbone: 'resnet-18',
  pixels: 'imagenet',
  layers: [
    pair('conv1', 'bn1'),
    ...[1, 2, 3, 4].flatMap((stage) =>
      [0, 1].flatMap((block) => {
        const at = `layer${stage}.${block}`;
        const shortcut = stage > 1 && block === 0 ? [pair(`${at}.downsample.0`, `${at}.downsample.1`)] : [];
        return [pair(`${at}.conv1`, `${at}.bn1`), pair(`${at}.conv2`, `${at}.bn2`), ...shortcut];
      }),
    ),
  ],
  encoder: /^(layer\d+|conv1|bn1)\./,
  head: /^fc\./,
};

/** Inverted residuals of MobileNetV2 by stage: repeats. */
const V2_REPEATS = [1, 2, 3, 4, 3, 3, 1];

/** torchvision.models.mobilenet_v2. */
const torchvisionV2: Naming = {
  ...torch,
  program: "torchvision's",
  backbone: 'mobilenet-v2',
  pixels: 'imagenet',
  layers: [
    pair('features.0.0', 'features.0.1'),
    ...Array.from({ length: 17 }, (_, i) => {
      const at = `features.${i + 1}.conv`;
      // The first block has no expansion.
      const before = i === 0 ? [0] : [0, 1];
      return [
        ...before.map((k) => pair(`${at}.${k}.0`, `${at}.${k}.1`)),
        pair(`${at}.${before.length}`, `${at}.${before.length + 1}`),
      ];
    }).flat(),
  ],
  encoder: /^features\./,
  head: /^(features\.18|classifier)\./,
};

/** timm's mobilenetv2_100. */
const timmV2: Naming = {
  ...torch,
  program: "timm's",
  backbone: 'mobilenet-v2',
  pixels: 'imagenet',
  layers: [
    pair('conv_stem', 'bn1'),
    ...V2_REPEATS.flatMap((repeats, stage) =>
      Array.from({ length: repeats }, (_, i) => {
        const at = `blocks.${stage}.${i}`;
        if (stage === 0) return [pair(`${at}.conv_dw`, `${at}.bn1`), pair(`${at}.conv_pw`, `${at}.bn2`)];
        const parts = ['conv_pw', 'conv_dw', 'conv_pwl'];
        return parts.map((part, k) => pair(`${at}.${part}`, `${at}.bn${k + 1}`));
      }).flat(),
    ),
  ],
  encoder: /^(conv_stem|bn1|blocks)\./,
  head: /^(conv_head|bn2|classifier)\./,
};

/** timm's mobilenetv1_100: pairs by stage, 1, 2, 2, 6, 2. */
const timmV1: Naming = {
  ...torch,
  program: "timm's",
  backbone: 'mobilenet-v1',
  // Its published weights are of mean and deviation 0.5.
  pixels: 'symmetric',
  layers: [
    pair('conv_stem', 'bn1'),
    ...[1, 2, 2, 6, 2].flatMap((repeats, stage) =>
      Array.from({ length: repeats }, (_, i) => {
        const at = `blocks.${stage}.${i}`;
        return [pair(`${at}.conv_dw`, `${at}.bn1`), pair(`${at}.conv_pw`, `${at}.bn2`)];
      }).flat(),
    ),
  ],
  encoder: /^(conv_stem|bn1|blocks)\./,
  head: /^(conv_head|bn2|classifier)\./,
};

export const TORCH_NAMINGS: readonly Naming[] = [resNet18, torchvisionV2, timmV2, timmV1];
