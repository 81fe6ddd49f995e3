/**
 * Names in TensorFlow.js models: Keras' applications, slim's checkpoints, and graph models, whose converter folds
 * batch norm into `<op>_weights` and `<op>_bn_offset`.
 */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { LayerNames, Naming } from './naming.js';

/** Scope of a convolution and of its batch norm. */
interface Scope {
  readonly conv: string;
  readonly norm: string;
  readonly depthwise?: boolean;
}

interface Scheme {
  readonly program: string;
  readonly backbone: BackboneName;
  readonly scopes: readonly Scope[];
  readonly encoder: RegExp;
  readonly head: RegExp;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** keras.applications.MobileNet, which tfjs-models' layers model is. */
const kerasV1: Scheme = {
  program: "Keras'",
  backbone: 'mobilenet-v1',
  scopes: [
    { conv: 'conv1', norm: 'conv1_bn' },
    ...range(13).flatMap((i) => [
      { conv: `conv_dw_${i + 1}`, norm: `conv_dw_${i + 1}_bn`, depthwise: true },
      { conv: `conv_pw_${i + 1}`, norm: `conv_pw_${i + 1}_bn` },
    ]),
  ],
  encoder: /^(conv1|conv_dw|conv_pw)[_/\d]/,
  head: /^(conv_preds|preds|predictions|reshape)/,
};

/** keras.applications.MobileNetV2; its first block has no expansion. */
const kerasV2: Scheme = {
  program: "Keras'",
  backbone: 'mobilenet-v2',
  scopes: [
    { conv: 'Conv1', norm: 'bn_Conv1' },
    ...range(17).flatMap((i) => {
      const at = i === 0 ? 'expanded_conv' : `block_${i}`;
      const parts = i === 0 ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
      return parts.map((part) => ({
        conv: `${at}_${part}`,
        norm: `${at}_${part}_BN`,
        depthwise: part === 'depthwise',
      }));
    }),
  ],
  encoder: /^(Conv1|bn_Conv1|expanded_conv|block)[_/]/,
  head: /^(Conv_1|Logits|predictions)/,
};

/** slim's MobileNetV1. */
const slimV1: Scheme = {
  program: "slim's",
  backbone: 'mobilenet-v1',
  scopes: [
    scoped('Conv2d_0'),
    ...range(13).flatMap((i) => [
      scoped(`Conv2d_${i + 1}_depthwise`, true),
      scoped(`Conv2d_${i + 1}_pointwise`),
    ]),
  ],
  encoder: /^Conv2d_\d+(_depthwise|_pointwise)?\//,
  head: /^Logits\//,
};

/** slim's MobileNetV2. */
const slimV2: Scheme = {
  program: "slim's",
  backbone: 'mobilenet-v2',
  scopes: [
    scoped('Conv'),
    ...range(17).flatMap((i) => {
      const at = i === 0 ? 'expanded_conv' : `expanded_conv_${i}`;
      const parts = i === 0 ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
      return parts.map((part) => scoped(`${at}/${part}`, part === 'depthwise'));
    }),
  ],
  encoder: /^(Conv|expanded_conv(_\d+)?)\//,
  head: /^(Conv_1|Logits)\//,
};

function scoped(conv: string, depthwise = false): Scope {
  return { conv, norm: `${conv}/BatchNorm`, depthwise };
}

const normOf = (scope: string): LayerNames['norm'] => ({
  gamma: `${scope}/gamma`,
  beta: `${scope}/beta`,
  mean: `${scope}/moving_mean`,
  variance: `${scope}/moving_variance`,
});

/** Variables of Keras' layers: a depthwise kernel has a name of its own up to Keras 2. */
const keras = ({ conv, norm, depthwise }: Scope): LayerNames => ({
  weight: `${conv}/${depthwise ? 'depthwise_kernel' : 'kernel'}`,
  norm: normOf(norm),
});
const keras3 = ({ conv, norm }: Scope): LayerNames => ({ weight: `${conv}/kernel`, norm: normOf(norm) });

const slim = ({ conv, norm, depthwise }: Scope): LayerNames => ({
  weight: `${conv}/${depthwise ? 'depthwise_weights' : 'weights'}`,
  norm: normOf(norm),
});

const graphModel = ({ conv, depthwise }: Scope): LayerNames => {
  const op = `${conv}/${depthwise ? 'depthwise' : 'Conv2D'}`;
  return { weight: `${op}_weights`, bias: `${op}_bn_offset` };
};

function naming({ scopes, ...scheme }: Scheme, layerOf: (scope: Scope) => LayerNames, suffix = ''): Naming {
  return {
    ...scheme,
    program: scheme.program + suffix,
    layers: scopes.map(layerOf),
    order: 'HWIO',
    epsilon: 1e-3,
    pixels: 'symmetric',
    padding: 'end',
  };
}

export const TENSORFLOW_NAMINGS: readonly Naming[] = [
  ...[kerasV1, kerasV2].flatMap((scheme) => [naming(scheme, keras), naming(scheme, keras3, ' (Keras 3)')]),
  ...[slimV1, slimV2].map((scheme) => naming(scheme, slim)),
  ...[kerasV1, kerasV2, slimV1, slimV2].map((scheme) => naming(scheme, graphModel, ' graph model')),
];
