/** `twnet weights import --as efficientvit-seg-b0`: a whole model out of its authors' file. */
import { basename } from 'node:path';
import { CITYSCAPES } from '@twnet/core/classes';
import type { ModelCard } from '@twnet/core/model/model-card';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Weights } from '@twnet/core/network/safetensors';
import { efficientVitWeights, usedTensors } from './efficientvit.js';
import { checkGoldenTensors, type GoldenCheck } from './golden-tensors.js';
import { printable } from './printable.js';
import { openWeightFile } from './weight-file.js';

/** The name of the network, as `--as` has it. */
export const SEGMENTER = 'efficientvit-seg-b0';

export interface SegmenterReport {
  readonly source: string;
  readonly format: string;
  readonly classes: number;
  /** What stood before every name. */
  readonly prefix: string;
  /** Numbers in the network, batch norm's statistics included. */
  readonly parameters: number;
  /** Further tensors that were left, PyTorch's counters of batches and golden ones not among them. */
  readonly ignored: readonly string[];
  /** What the file says that the network computes, where it does. */
  readonly golden?: GoldenCheck;
}

export interface ImportedSegmenter {
  readonly weights: Weights;
  /** Of a model whose key-frame network alone there is. */
  readonly card: ModelCard;
  readonly report: SegmenterReport;
}

/** Layers that golden tensors are of; enlarging is linear here. */
const GOLDEN_LAYERS: Readonly<Record<string, string>> = {
  'golden.stage1': 'encoder.stage1.block1.sum',
  'golden.stage2': 'encoder.stage2.block1.sum',
  'golden.stage3': 'encoder.stage3.block2.sum',
  'golden.stage4': 'encoder.stage4.block2.sum',
  'golden.scores.linear': 'classifier',
};

/** @throws InputError, one line, when the file cannot be read, is not such a network, or computes other than it says */
export async function importSegmenter(path: string): Promise<ImportedSegmenter> {
  const { tensors, format, metadata } = await openWeightFile(path);
  const classes = CITYSCAPES.classes.length;
  const weights = efficientVitWeights(tensors, classes, path);
  const description = efficientVitSegmenter(classes);
  const golden = await checkGoldenTensors(tensors, description, weights, GOLDEN_LAYERS, path);
  const { prefix, used } = usedTensors(tensors, classes);
  const ignored = [...tensors.keys()].filter(
    (name) => !used.has(name) && !name.startsWith('golden.') && !name.endsWith('.num_batches_tracked'),
  );
  const parameters = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const card = segmenterCard(path, metadata);
  return { weights, card, report: { source: path, format, classes, prefix, parameters, ignored, golden } };
}

function segmenterCard(path: string, { source, licence }: Readonly<Record<string, string>>): ModelCard {
  const { name, classes, palette } = CITYSCAPES;
  const file = printable(basename(path));
  return {
    format: 'twnet-model-1',
    name: `${SEGMENTER}-${name}`,
    architecture: 'segmenter',
    backbone: 'efficientvit-b0',
    classes: [...classes],
    palette: palette.map(([r, g, b]) => [r, g, b]),
    normalisation: 'imagenet',
    networks: { key: { weights: 'key.safetensors' } },
    provenance: {
      trainedOn: 'Cityscapes (Cordts et al., CVPR 2016), whose data is for non-commercial use',
      startedFrom: `its authors' weights: ${source ? printable(source, 300) : `EfficientViT-Seg-B0 (Cai et al., ICCV 2023), ${file}`}`,
      licence: `the weights: ${licence ? printable(licence, 200) : 'Apache-2.0; trained on Cityscapes (non-commercial data)'}`,
    },
  };
}
