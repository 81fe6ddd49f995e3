/** `twnet weights import`: an encoder out of a file that another program wrote. */
import { InputError } from '@twnet/core/errors';
import type { BackboneName } from '@twnet/core/network/backbones';
import type { Weights } from '@twnet/core/network/safetensors';
import { asLayer, forOwnPixels, type SourceConvolution, toOutputsFirst } from './convert.js';
import { type EncoderConvolution, encoderConvolutions } from './encoder.js';
import { type EncoderMetadata, encoderMetadata } from './encoder-metadata.js';
import { type Fit, fitNaming } from './fit.js';
import { type LayerNames, type Naming, ownPixels, type PixelRange } from './names/naming.js';
import { printable } from './printable.js';
import type { StoredTensors, WeightFile } from './stored-tensor.js';
import { openWeightFile } from './weight-file.js';

export interface ImportOptions {
  readonly backbone: BackboneName;
  /** How pixels entered while the weights were trained; default: as the program that names them so has it. */
  readonly pixels?: PixelRange;
}

export interface ImportedEncoder {
  /** `convNN.weight`, `convNN.bias`, or an EfficientViT's `stem.weight`, `stem.norm.gamma`, …: what `twnet train key --encoder` takes. */
  readonly weights: Weights;
  readonly report: ImportReport;
  /** Where it comes from, for the safetensors file or the model card that takes it in. */
  readonly metadata: EncoderMetadata;
}

/** PyTorch's batch norms count the batches they have seen. */
const BATCH_COUNTER = '.num_batches_tracked';

/** What was read, and what whoever goes on with it should know. */
export interface ImportReport {
  readonly source: string;
  readonly format: string;
  readonly backbone: BackboneName;
  /** Whose names the tensors bear. */
  readonly names: string;
  /** What stood before every name. */
  readonly prefix: string;
  readonly pixels: PixelRange;
  /** How they enter here. */
  readonly ownPixels: PixelRange;
  /** Tensors that were read, and the numbers in the result. */
  readonly tensors: number;
  readonly parameters: number;
  /** Layers of the classifier, which an encoder has none of. */
  readonly head: readonly string[];
  /** Further tensors that were left, PyTorch's counters of batches not among them. */
  readonly ignored: readonly string[];
  /** Where zeros go at stride 2 in the source and here, as in padding.ts. */
  readonly padding: { readonly source: 'end' | 'both'; readonly here: 'end' | 'both' };
  readonly notes: readonly string[];
}

/** @throws InputError, one line, when the file cannot be read or is not such an encoder */
export async function importEncoder(path: string, options: ImportOptions): Promise<ImportedEncoder> {
  return encoderOf(await openWeightFile(path), path, options);
}

/** The same of a file that is open already. */
export function encoderOf(
  file: WeightFile,
  source: string,
  { backbone, pixels }: ImportOptions,
): ImportedEncoder {
  const fit = fitNaming(file.tensors, backbone, source);
  const convolutions = encoderConvolutions(backbone);
  const range = pixels ?? fit.naming.pixels;
  const taken = ownPixels(backbone);
  const read = tensorReader(file.tensors, fit, source);
  const weights: Weights = new Map();
  for (const [i, convolution] of convolutions.entries()) {
    const found = sourceConvolution(fit.naming, fit.naming.layers[i], convolution, read);
    const own = i === 0 && range !== taken ? forOwnPixels(found, convolution.shape, range, taken) : found;
    const { layer, shape } = convolution;
    for (const [suffix, tensor] of asLayer(own, layer, shape))
      weights.set(`${layer.name.slice('encoder.'.length)}.${suffix}`, tensor);
  }
  refuseUnusable(weights, source);
  const report = reportOf(file, source, fit, range, convolutions, weights);
  return { weights, report, metadata: encoderMetadata(report, file.metadata) };
}

type TensorReader = (name: string) => Float32Array;

function tensorReader(tensors: StoredTensors, { prefix }: Fit, source: string): TensorReader {
  return (name) => {
    const data = tensors.get(prefix + name)!.read();
    if (!data.every(Number.isFinite))
      throw new InputError(`${source}: ${printable(prefix + name)} holds values that are no finite numbers`);
    return data;
  };
}

function sourceConvolution(
  { order, epsilon }: Naming,
  names: LayerNames,
  { layer, shape }: EncoderConvolution,
  read: TensorReader,
): SourceConvolution {
  const stored = read(names.weight);
  const weight = order === 'OIHW' ? stored : toOutputsFirst(stored, shape, layer.depthwise);
  const bias = names.bias === undefined ? undefined : read(names.bias);
  const { norm } = names;
  if (!norm) return { weight, bias };
  const [gamma, beta, mean, variance] = [norm.gamma, norm.beta, norm.mean, norm.variance].map(read);
  return { weight, bias, norm: { gamma, beta, mean, variance, epsilon } };
}

/** A negative variance, or one of zero beside a large gamma, gives no usable weights. */
function refuseUnusable(weights: Weights, source: string): void {
  for (const [name, { data }] of weights) {
    if (!data.every(Number.isFinite))
      throw new InputError(
        `${source}: ${name} would hold values that are no finite numbers; is a variance negative?`,
      );
  }
}

function reportOf(
  file: WeightFile,
  source: string,
  { naming, prefix }: Fit,
  pixels: PixelRange,
  convolutions: readonly EncoderConvolution[],
  weights: Weights,
): ImportReport {
  const used = new Set(
    naming.layers.flatMap((names) => [names.weight, names.bias, ...Object.values(names.norm ?? {})]),
  );
  const unused = [...file.tensors.keys()].filter(
    (name) => !name.startsWith(prefix) || !used.has(name.slice(prefix.length)),
  );
  const isHead = (name: string): boolean =>
    name.startsWith(prefix) && naming.head.test(name.slice(prefix.length));
  const here = convolutions[0].layer.padding;
  return {
    source,
    format: file.format,
    backbone: naming.backbone,
    names: naming.program,
    prefix,
    pixels,
    ownPixels: ownPixels(naming.backbone),
    tensors: file.tensors.size - unused.length,
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    head: unused.filter(isHead),
    ignored: unused.filter((name) => !isHead(name) && !name.endsWith(BATCH_COUNTER)),
    padding: { source: naming.padding, here },
    notes: [...paddingNote(naming, here), ...pixelNote(pixels, ownPixels(naming.backbone))],
  };
}

function paddingNote({ padding, backbone }: Naming, here: 'end' | 'both'): string[] {
  if (padding === here) return [];
  const names = { both: 'on both sides (PyTorch)', end: 'at the end (TensorFlow)' };
  return [
    `the weights were trained with padding ${names[padding]} at stride 2, ${backbone} here pads ${names[here]}: features lie up to one cell of their grid aside until training has adapted them`,
  ];
}

/** For people: ranges of pixels. */
const TOLD: Readonly<Record<PixelRange, string>> = {
  imagenet: "ImageNet's mean and deviation",
  symmetric: '-1 to 1',
  unit: '0 to 1',
  twnet: "this project's range",
};

function pixelNote(pixels: PixelRange, own: PixelRange): string[] {
  // The zeros of symmetric pixels and of this project's are half a grey level apart.
  if (pixels === own || (own === 'twnet' && pixels === 'symmetric')) return [];
  const to = own === 'twnet' ? TOLD[own] : `those of ${TOLD[own]}`;
  const border = own === 'twnet' ? 'mid-grey' : "ImageNet's mean";
  return [
    `the first convolution was adapted from pixels of ${TOLD[pixels]} to ${to}; only along the border, where padding is ${border} here, it differs`,
  ];
}
