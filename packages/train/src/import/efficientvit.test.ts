import { InputError } from '@twnet/core/errors';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { networkParameters } from '@twnet/core/network/shapes';
import { describe, expect, it } from 'vitest';
import { efficientVitWeights } from './efficientvit.js';
import type { StoredTensor } from './stored-tensor.js';

/** Names in the authors' file, one of every kind, and the parameters that they are here. */
const NAMES: Readonly<Record<string, string>> = {
  'backbone.input_stem.op_list.0.conv.weight': 'encoder.stem.weight',
  'backbone.input_stem.op_list.1.main.depth_conv.norm.running_var': 'encoder.stem.depth.norm.variance',
  'backbone.stages.0.op_list.1.main.inverted_conv.norm.weight': 'encoder.stage1.block1.expand.norm.gamma',
  'backbone.stages.2.op_list.0.main.inverted_conv.conv.bias': 'encoder.stage3.block0.expand.bias',
  'backbone.stages.2.op_list.1.context_module.main.qkv.conv.weight': 'encoder.stage3.block1.qkv.weight',
  'backbone.stages.3.op_list.2.context_module.main.aggreg.0.0.weight': 'encoder.stage4.block2.gather.weight',
  'backbone.stages.3.op_list.2.context_module.main.aggreg.0.1.weight': 'encoder.stage4.block2.mix.weight',
  'backbone.stages.3.op_list.1.context_module.main.proj.norm.bias': 'encoder.stage4.block1.project.norm.beta',
  'backbone.stages.3.op_list.1.local_module.main.point_conv.conv.weight':
    'encoder.stage4.block1.point.weight',
  'head.input_ops.0.op_list.0.norm.running_mean': 'head.stage4.norm.mean',
  'head.input_ops.2.conv.weight': 'head.stage2.weight',
  'head.middle.op_list.0.main.inverted_conv.conv.weight': 'head.expand.weight',
  'head.output_ops.0.op_list.0.conv.weight': 'head.wide.weight',
  'head.output_ops.0.op_list.1.conv.bias': 'classifier.bias',
};

/** A file that has every tensor that is asked for, and remembers under which names. */
class Asked extends Map<string, StoredTensor> {
  readonly names: string[] = [];
  readonly #parameters = networkParameters(efficientVitSegmenter(19));

  override get(name: string): StoredTensor | undefined {
    const { shape } = this.#parameters[this.names.length];
    this.names.push(name);
    const size = shape.reduce((product, extent) => product * extent, 1);
    return { shape, read: () => new Float32Array(size).fill(this.names.length) } as unknown as StoredTensor;
  }
}

describe('efficientVitWeights', () => {
  it("finds every parameter under the authors' name", () => {
    const file = new Asked();
    const weights = efficientVitWeights(file, 19, 'b0.pt');
    const parameters = networkParameters(efficientVitSegmenter(19));
    expect([...weights.keys()]).toEqual(parameters.map(({ name }) => name));
    expect(new Set(file.names).size).toBe(parameters.length);
    const ours = new Map(file.names.map((name, i) => [name, parameters[i].name]));
    for (const [theirs, name] of Object.entries(NAMES)) expect(ours.get(theirs), theirs).toBe(name);
  });

  it('names the first tensor that is missing', () => {
    expect(() => efficientVitWeights(new Map(), 19, 'b0.pt')).toThrow(InputError);
    expect(() => efficientVitWeights(new Map(), 19, 'b0.pt')).toThrow(
      'b0.pt: has no tensor backbone.input_stem.op_list.0.conv.weight; EfficientViT-Seg-B0 of 19 classes wants [8,3,3,3]',
    );
  });
});
