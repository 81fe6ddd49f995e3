/** Tensors generated from their names, as tools/reference/README.md lays down, and the fixtures that use them. */
import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { BackboneName } from '@twnet/core/network/backbones';
import type { NetworkDescription } from '@twnet/core/network/description';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import type { Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';

export interface GoldenOutput {
  readonly shape: number[];
  readonly sum: number;
  readonly maxAbs: number;
  readonly float32Error: number;
  readonly samples: [index: number, value: number][];
}

export interface GoldenGradient {
  readonly norm: number;
  readonly float32Error: number;
  readonly zeroGradient?: boolean;
  readonly stepFloat32Errors: [number, number];
  readonly samples: [index: number, gradient: number, afterStep1: number, afterStep2: number][];
}

export interface Golden {
  readonly network: {
    kind: 'key' | 'nonkey' | 'segmenter';
    backbone: BackboneName;
    classes: number;
    layer?: WarpLayer;
  };
  readonly inputs: Record<string, { shape: number[]; sum: number }>;
  readonly mode: 'inference' | 'training';
  readonly batchNorm: 'frozen' | 'training';
  readonly outputs: Record<string, GoldenOutput>;
  readonly optimizer: { learningRate: number; encoderFactor: number; weightDecay: number };
  readonly loss: number;
  readonly lossAfterStep: number;
  readonly gradients: Record<string, GoldenGradient>;
  readonly statistics: Record<string, GoldenOutput>;
}

const folder = new URL('../fixtures/', import.meta.url);

/** Names of the fixtures whose mode is as wanted. */
export function fixtures(mode: Golden['mode']): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('golden-') && readGolden(name).mode === mode);
}

export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Golden;
}

export function describedNetwork({ network }: Golden): NetworkDescription {
  const { kind, backbone, classes, layer } = network;
  if (kind === 'segmenter') return efficientVitSegmenter(classes);
  return kind === 'key' ? keyFrameNetwork(backbone, classes) : nonKeyFrameNetwork(backbone, classes, layer!);
}

/** The uniform numbers of a tensor's name. */
export function uniform(name: string, count: number): Float64Array {
  const start = typeof crc32 === 'function' ? crc32(name) : crc32Of(name);
  // Plain loops: Float64Array.from with a function takes twenty times as long, and there are millions.
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let h = (start + Math.imul(i, 2654435761)) >>> 0;
    h ^= h >>> 16;
    h = Math.imul(h, 0x7feb352d) >>> 0;
    h ^= h >>> 15;
    h = Math.imul(h, 0x846ca68b) >>> 0;
    h = (h ^ (h >>> 16)) >>> 0;
    values[i] = h / 2 ** 32;
  }
  return values;
}

/** node:zlib has crc32 only from Node 20.15 on. */
function crc32Of(text: string): number {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}

const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

export function generatedWeights(description: NetworkDescription): Weights {
  return new Map(
    networkParameters(description).map(({ name, shape, role }) => {
      const u = uniform(name, size(shape));
      const deviation = Math.sqrt(2 / size(shape.slice(1)));
      const rules = {
        weight: (x: number) => (x - 0.5) * Math.sqrt(12) * deviation,
        bias: (x: number) => (x - 0.5) * 0.1,
        gamma: (x: number) => 0.75 + 0.5 * x,
        beta: (x: number) => (x - 0.5) * 0.2,
        mean: (x: number) => (x - 0.5) * 0.2,
        variance: (x: number) => 0.5 + x,
      };
      const data = new Float32Array(u.length);
      const rule = rules[role];
      for (let i = 0; i < u.length; i++) data[i] = rule(u[i]);
      return [name, { shape, data }];
    }),
  );
}

/** The generated inputs by the names our graphs use. */
export function generatedInputs(
  golden: Golden,
): Record<string, { shape: number[]; data: Uint8Array | Float32Array }> {
  const rules: Record<string, (u: Float64Array) => Uint8Array | Float32Array> = {
    image: (u) => Uint8Array.from(u, (x) => Math.floor(x * 256)),
    labels: (u) => Uint8Array.from(u, (x) => (Math.floor(x * 12) === 11 ? 255 : Math.floor(x * 12))),
    warped: (u) => Float32Array.from(u, (x) => x * 2),
    residual: (u) => Float32Array.from(u, (x) => x * 60),
    target: (u) => Float32Array.from(u, (x) => x * 2),
  };
  return Object.fromEntries(
    Object.entries(golden.inputs).map(([name, { shape }]) => {
      const short = name.replace('input.', '');
      return [short, { shape, data: rules[short](uniform(name, size(shape))) }];
    }),
  );
}
