import { describe, expect, it } from 'vitest';
import { BACKBONE_NAMES } from './backbones.js';
import { moduleOf, networkCost, peakActivationBytes } from './cost.js';
import { MODULES, type NetworkDescription } from './description.js';
import { keyFrameNetwork } from './key-frame.js';
import { LayerList } from './layers.js';
import { nonKeyFrameNetwork } from './non-key-frame.js';

const MODULE_SETS = [
  { cfr: false, rga: false },
  { cfr: true, rga: false },
  { cfr: true, rga: true },
];

describe('cost by module', () => {
  it.each(BACKBONE_NAMES)('adds up to the whole, %s', (backbone) => {
    const networks = [
      keyFrameNetwork(backbone, 11),
      ...([1, 2, 3] as const).flatMap((layer) =>
        MODULE_SETS.map((modules) => nonKeyFrameNetwork(backbone, 11, layer, modules)),
      ),
    ];
    for (const network of networks) {
      const cost = networkCost(network, 66, 96);
      const sum = (of: (one: (typeof cost.modules)[number]) => number) =>
        cost.modules.reduce((total, one) => total + of(one), 0);
      expect(
        sum(({ gigaMacs }) => gigaMacs),
        network.name,
      ).toBeCloseTo(cost.gigaMacs, 12);
      expect(
        sum(({ parameters }) => parameters),
        network.name,
      ).toBe(cost.parameters);
    }
  });

  it('has each module where the paper has it', () => {
    const modules = (network: NetworkDescription) =>
      networkCost(network, 64, 64).modules.map(({ module }) => module);
    expect(modules(keyFrameNetwork('mobilenet-v1', 11))).toEqual(
      MODULES.filter((module) => module !== 'CFR' && module !== 'RGA'),
    );
    const full = { cfr: true, rga: true };
    expect(modules(nonKeyFrameNetwork('mobilenet-v1', 11, 1, full))).toEqual(
      MODULES.filter((module) => module !== 'pyramid pooling'),
    );
    expect(modules(nonKeyFrameNetwork('mobilenet-v1', 11, 3))).toEqual(['classifier']);
  });

  it('counts a tail of low rank: 3 × 3 convolutions to as many channels, 1 × 1 ones from them', () => {
    const macs = (layer: 1 | 2, tailRank?: number) => {
      const network = nonKeyFrameNetwork('mobilenet-v1', 11, layer, undefined, tailRank);
      return networkCost(network, 64, 128).gigaMacs * 1e9;
    };
    const saved = (cells: number, inputs: number) => cells * (9 * inputs * 64 - 24 * (9 * inputs + 64));
    // 16 × 32 cells at stride 4, 8 × 16 at stride 8.
    expect(macs(2) - macs(2, 24)).toBeCloseTo(saved(16 * 32, 64), 0);
    expect(macs(1) - macs(1, 24)).toBeCloseTo(saved(16 * 32, 64) + saved(8 * 16, 128), 0);
  });

  it('refuses a layer of no module', () => {
    expect(() => moduleOf({ kind: 'halve', name: 'stray', input: 'image' })).toThrow(/stray/);
  });
});

describe('peak activation memory', () => {
  it('holds what is still to be read, and no more', () => {
    const list = new LayerList();
    const image = list.pixels('image'); // 3 · 8 · 8 bytes
    const a = list.convolution('a', image, 2); // 2 · 64 · 4 = 512
    const b = list.convolution('b', a, 1, { stride: 2 }); // 1 · 16 · 4 = 64
    const c = list.enlarge('c', b, a); // 1 · 64 · 4 = 256
    list.join('concat', 'd', [a, c]); // 3 · 64 · 4 = 768
    const network = { name: 'n', layers: list.layers, outputs: { d: 'd' } };
    // While d is made, a and c live; the image and b are gone.
    expect(peakActivationBytes(network, 8, 8)).toBe(512 + 256 + 768);
    // As an output b stays.
    expect(peakActivationBytes({ ...network, outputs: { d: 'd', b: 'b' } }, 8, 8)).toBe(512 + 64 + 256 + 768);
  });
});
