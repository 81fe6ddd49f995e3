/** Names in the state dicts of EfficientViT's authors (mit-han-lab/efficientvit). */
import type { ParameterRole } from '@twnet/core/network/shapes';
import { encoderConvolutions } from '../encoder.js';
import type { LayerNames, Naming } from './naming.js';

const NORM_NAMES: Partial<Record<ParameterRole, string>> = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

/** What the authors call our layers, by patterns that are tried in turn. */
const LAYER_NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^encoder\.stem$/, 'backbone.input_stem.op_list.0'],
  [/^encoder\.stem\.(depth|point)$/, 'backbone.input_stem.op_list.1.main.$1_conv'],
  [/^head\.stage4$/, 'head.input_ops.0.op_list.0'],
  [/^head\.stage3$/, 'head.input_ops.1.op_list.0'],
  [/^head\.stage2$/, 'head.input_ops.2'],
  [/^head\.wide$/, 'head.output_ops.0.op_list.0'],
  [/^head\.(expand|depth|point)$/, 'head.middle.op_list.0.main.$1_conv'],
  [/^classifier$/, 'head.output_ops.0.op_list.1'],
];
const BLOCK = /^encoder\.stage(\d)\.block(\d)\.(\w+)$/;
const ATTENTION: Readonly<Record<string, string>> = {
  qkv: 'qkv.conv',
  gather: 'aggreg.0.0',
  mix: 'aggreg.0.1',
  project: 'proj.conv',
};

/** `encoder.stage1.block0.expand.norm.gamma` → `backbone.stages.0.op_list.0.main.inverted_conv.norm.weight`. */
export function theirName(parameter: string, role: ParameterRole): string {
  const layer = parameter.replace(/(\.norm)?\.\w+$/, '');
  const module = moduleName(layer);
  const norm = NORM_NAMES[role];
  // The convolutions of the second scale stand alone; others have their norm beside them.
  if (/\.(qkv|gather|mix|project)$/.test(layer) && module.includes('aggreg')) return `${module}.${role}`;
  const base = module.replace(/\.conv$/, '');
  return norm === undefined ? `${base}.conv.${role}` : `${base}.norm.${norm}`;
}

function moduleName(layer: string): string {
  const [, stage, block, part] = BLOCK.exec(layer) ?? [];
  if (part !== undefined) return blockName(Number(stage), Number(block), part);
  for (const [pattern, name] of LAYER_NAMES)
    if (pattern.test(layer)) return layer.replace(pattern, name).replace('expand_', 'inverted_');
  throw new Error(`EfficientViT has no layer ${layer}`);
}

function blockName(stage: number, block: number, part: string): string {
  const base = `backbone.stages.${stage - 1}.op_list.${block}`;
  if (part in ATTENTION) return `${base}.context_module.main.${ATTENTION[part]}`;
  const main = stage > 2 && block > 0 ? `${base}.local_module.main` : `${base}.main`;
  return `${main}.${part === 'expand' ? 'inverted' : part}_conv`;
}

/** Encoders of its classifiers, whose heads are left, as of its segmenters. */
export function efficientVitNaming(): Naming {
  const layers = encoderConvolutions('efficientvit-b0').map(({ layer: { name, bias, norm } }): LayerNames => {
    const of = (suffix: string, role: ParameterRole): string => theirName(`${name}.${suffix}`, role);
    const weight = of('weight', 'weight');
    if (!norm) return bias ? { weight, bias: of('bias', 'bias') } : { weight };
    const [gamma, beta, mean, variance] = (['gamma', 'beta', 'mean', 'variance'] as const).map((role) =>
      of(`norm.${role}`, role),
    );
    return { weight, norm: { gamma, beta, mean, variance } };
  });
  return {
    program: "its authors'",
    backbone: 'efficientvit-b0',
    layers,
    encoder: /^backbone\./,
    head: /^head\./,
    order: 'OIHW',
    epsilon: 1e-5,
    pixels: 'imagenet',
    padding: 'both',
  };
}
