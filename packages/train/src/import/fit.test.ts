/** Which scheme a file's names are of, and what is said when they fit none. */

import { InputError } from '@twnet/core/errors';
import type { BackboneName } from '@twnet/core/network/backbones';
import { editDistance, nearestName } from '@twnet/core/options/nearest';
import { describe, expect, it } from 'vitest';
import { encoderConvolutions } from './encoder.js';
import { fitNaming, storedShape } from './fit.js';
import { namings } from './names/index.js';
import type { Naming } from './names/naming.js';
import type { StoredTensor } from './stored-tensor.js';

type Tensors = Map<string, StoredTensor>;

function put(tensors: Tensors, name: string, shape: readonly number[]): void {
  const elements = shape.reduce((product, extent) => product * extent, 1);
  tensors.set(name, { name, type: 'F32', shape, elements, read: () => new Float32Array(elements) });
}

/** Every tensor that a scheme names. */
function tensorsOf(naming: Naming, prefix = ''): Tensors {
  const tensors: Tensors = new Map();
  for (const [i, { layer, shape }] of encoderConvolutions(naming.backbone).entries()) {
    const { weight, bias, norm } = naming.layers[i];
    put(tensors, prefix + weight, storedShape(shape, naming, layer.depthwise));
    for (const name of [...(bias ? [bias] : []), ...Object.values(norm ?? {})])
      put(tensors, prefix + name, [layer.channels]);
  }
  return tensors;
}

const named = (program: string, backbone: BackboneName): Naming =>
  namings().find((naming) => naming.program === program && naming.backbone === backbone)!;

const faultOf = (tensors: Tensors, backbone: BackboneName): string => {
  try {
    fitNaming(tensors, backbone, 'x.pth');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return '';
};

const resNet = named("torchvision's and timm's", 'resnet-18');

describe('schemes', () => {
  it.each(
    namings().map((naming) => [naming.program, naming.backbone, naming] as const),
  )('%s %s: as many names as convolutions, recognised behind any prefix, their own encoder', (_, backbone, naming) => {
    expect(naming.layers).toHaveLength(encoderConvolutions(backbone).length);
    for (const prefix of ['', 'module.', 'model.backbone.']) {
      const fit = fitNaming(tensorsOf(naming, prefix), backbone, 'x');
      expect([fit.naming, fit.prefix]).toEqual([naming, prefix]);
    }
    for (const name of tensorsOf(naming).keys()) expect(name).toMatch(naming.encoder);
  });
});

describe('what does not fit', () => {
  it('names a missing tensor, its shape and the nearest name', () => {
    const tensors = tensorsOf(resNet, 'module.');
    tensors.delete('module.layer2.0.conv1.weight');
    put(tensors, 'module.layer2.0.conf1.weight', [128, 64, 3, 3]);
    put(tensors, 'module.fc.weight', [1000, 512]);
    expect(faultOf(tensors, 'resnet-18')).toBe(
      "x.pth: has no tensor module.layer2.0.conv1.weight; resnet-18 by torchvision's and timm's names wants [128,64,3,3]; nearest name: module.layer2.0.conf1.weight [128,64,3,3]",
    );
  });

  it('names a wrong shape, both shapes, and a free tensor of the right one', () => {
    const tensors = tensorsOf(resNet);
    put(tensors, 'layer4.1.conv2.weight', [512, 512, 1, 1]);
    put(tensors, 'layer4.1.conv2.weight_ema', [512, 512, 3, 3]);
    expect(faultOf(tensors, 'resnet-18')).toBe(
      "x.pth: layer4.1.conv2.weight has the shape [512,512,1,1], resnet-18 by torchvision's and timm's names wants [512,512,3,3]; nearest of that shape: layer4.1.conv2.weight_ema [512,512,3,3]",
    );
  });

  it('counts what else does not fit', () => {
    const tensors = tensorsOf(resNet);
    for (const name of [...tensors.keys()].filter((key) => key.startsWith('layer4'))) tensors.delete(name);
    expect(faultOf(tensors, 'resnet-18')).toMatch(
      /has no tensor layer4\.0\.conv1\.weight;.*; 24 further tensors do not fit$/,
    );
  });

  it('says which network it is when it is another', () => {
    const v2 = tensorsOf(named("torchvision's", 'mobilenet-v2'));
    expect(faultOf(v2, 'resnet-18')).toMatch(/is a mobilenet-v2 by torchvision's names.*--as mobilenet-v2$/);
    const v1 = tensorsOf(named("timm's", 'mobilenet-v1'));
    expect(faultOf(v1, 'mobilenet-v2')).toMatch(/is a mobilenet-v1 by timm's names.*--as mobilenet-v1$/);
  });

  it('says that it knows none of the names', () => {
    const tensors: Tensors = new Map();
    put(tensors, 'transformer.h.0.attn.weight', [8, 8]);
    expect(faultOf(tensors, 'mobilenet-v1')).toMatch(
      /no known names of a mobilenet-v1 \(timm's, Keras'.*1 tensors: transformer\.h\.0\.attn\.weight/,
    );
    expect(faultOf(new Map(), 'mobilenet-v1')).toMatch(/among its 0 tensors$/);
  });

  it('takes no larger network of the same family for it', () => {
    const tensors = tensorsOf(resNet);
    put(tensors, 'layer1.2.conv1.weight', [64, 64, 3, 3]);
    expect(faultOf(tensors, 'resnet-18')).toMatch(/holds layer1\.2\.conv1\.weight .*larger network$/);
  });

  it('leaves classifiers, counters and what stands beside the encoder', () => {
    const tensors = tensorsOf(resNet, 'backbone.');
    put(tensors, 'backbone.fc.weight', [1000, 512]);
    put(tensors, 'backbone.bn1.num_batches_tracked', []);
    put(tensors, 'decoder.layer1.weight', [3, 3]);
    expect(faultOf(tensors, 'resnet-18')).toBe('');
  });
});

describe('edit distance', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['conv1', 'conv1', 0],
    ['ab', 'ba', 2],
  ])('%j to %j', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('gives the nearest, leaving names of absurd length', () => {
    expect(nearestName('bn1.weight', ['fc.weight', 'bn2.weight', 'b'.repeat(1e6)])).toBe('bn2.weight');
    expect(nearestName('bn1.weight', [])).toBeUndefined();
  });
});
