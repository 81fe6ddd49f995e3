/** Encoders, one table a file in `backbones/`. The paper's Table 7 names their heads. */
import { appendEfficientVitB0 } from './backbones/efficientvit-b0.js';
import type { Backbone } from './backbones/encoder-layers.js';
import { appendMobileNetV1 } from './backbones/mobilenet-v1.js';
import { appendMobileNetV2 } from './backbones/mobilenet-v2.js';
import { appendResNet18 } from './backbones/resnet-18.js';

export type { Backbone, EncoderTaps } from './backbones/encoder-layers.js';

export const BACKBONES = {
  'mobilenet-v1': { append: appendMobileNetV1, normalisation: 'symmetric' },
  'mobilenet-v2': { append: appendMobileNetV2, normalisation: 'symmetric' },
  'resnet-18': { append: appendResNet18, normalisation: 'symmetric' },
  'efficientvit-b0': { append: appendEfficientVitB0, normalisation: 'imagenet' },
} as const satisfies Record<string, Backbone>;

export type BackboneName = keyof typeof BACKBONES;

export const BACKBONE_NAMES = Object.keys(BACKBONES) as [BackboneName, ...BackboneName[]];
