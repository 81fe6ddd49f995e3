/** Makes a model folder of a segmentation network in an ONNX file. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { OnnxSummary } from '@twnet/core/graph/onnx-reader';
import { CARD_FILE, type ModelCard, parseModelCard } from '@twnet/core/model/model-card';
import '../kernels/provide.js';
import type { AtomicFolder } from '../files/atomic-folder.js';
import { outputErrorFor } from '../files/output-error.js';
import { sha256 } from '../model/model-files.js';
import type { AnswerOptions } from './answer.js';
import { type ImportedClasses, unnamedClasses } from './class-file.js';
import { drawCheck } from './draw-check.js';
import { readOnnxFile } from './onnx-file.js';
import type { InputOptions } from './picture-input.js';
import type { PixelConvention } from './pixel-convention.js';
import { tryBeside } from './trial-process.js';

export const NETWORK_FILE = 'network.onnx';
/** What it made of a picture. */
export const PICTURE_FILE = 'picture.png';

export interface ImportOptions extends InputOptions, Pick<AnswerOptions, 'output'> {
  /** Without: as many as the network has, by their numbers. */
  readonly classes?: ImportedClasses;
  readonly pixels: PixelConvention;
  /** What it is tried on, planar RGB. */
  readonly picture: { readonly width: number; readonly height: number; readonly pixels: Uint8Array };
  /** Of the model; default: the file's, without its ending. */
  readonly name?: string;
  /** Of its weights, for the card. */
  readonly licence?: string;
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly card: ModelCard;
  readonly irVersion: number;
  readonly producer: string;
  /** Versions of operator sets by domain, ONNX's own as `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Operators in the file. */
  readonly operators: number;
  readonly bytes: number;
  /** What was found and assumed, a sentence each. */
  readonly notes: readonly string[];
  /** Share of the picture by class, the largest first; those that were not seen are left out. */
  readonly shares: readonly { readonly name: string; readonly share: number }[];
}

/**
 * Reads an ONNX file, tries it on a picture in a process of its own, and writes card, network and drawn picture.
 *
 * @param folder that is filled; committed by the caller
 * @throws InputError for a file that is no segmentation network that runs here; OutputError
 */
export async function importNetwork(
  path: string,
  folder: AtomicFolder,
  options: ImportOptions,
): Promise<ImportReport> {
  const { pixels, picture, classes, name, licence, signal, ...finding } = options;
  const { bytes, summary } = await readOnnxFile(path);
  const network = join(folder.path, NETWORK_FILE);
  await write(network, bytes);
  const request = { path: network, file: path, pixels, picture };
  const found = { ...finding, classes: classes?.names.length };
  const trial = await tryBeside({ ...request, options: found }, signal);
  const { names, palette } = classes ?? unnamedClasses(trial.classes);
  const card = checked(path, {
    format: 'twnet-model-1',
    name: name ?? basename(path).replace(/(?<=.)\.onnx$/i, ''),
    architecture: 'imported',
    backbone: 'efficientvit-b0',
    classes: [...names],
    palette: [...palette],
    normalisation: 'imagenet',
    imported: trial.found,
    networks: { key: { weights: NETWORK_FILE, sha256: sha256(bytes) } },
    provenance: {
      trainedOn: 'not told',
      startedFrom: startedFrom(path, summary),
      licence: licence ?? 'not told: that of the network',
    },
  });
  const drawn = await drawCheck({ ...trial.picture, labels: trial.labels }, names, palette);
  await write(join(folder.path, PICTURE_FILE), drawn);
  await write(join(folder.path, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
  const shares = sharesOf(trial.labels, names);
  return {
    card,
    irVersion: summary.irVersion,
    producer: printable(summary.producer),
    opsets: Object.fromEntries(
      [...summary.opsets].map(([domain, version]) => [domain || 'ai.onnx', version]),
    ),
    operators: [...summary.operators.values()].reduce((sum, count) => sum + count, 0),
    bytes: bytes.length,
    notes: [...trial.notes, ...suspicions(shares)],
    shares,
  };
}

/** As it will be read. @throws InputError for what no card may hold */
function checked(path: string, card: ModelCard): ModelCard {
  return parseModelCard(JSON.stringify(card), `${path}: its model.json`);
}

function startedFrom(path: string, { producer }: OnnxSummary): string {
  const by = printable(producer);
  return `${printable(basename(path))}${by ? `, written by ${by}` : ''}`.slice(0, 1000);
}

/** Without what terminals would obey. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '').slice(0, 200);

function sharesOf(labels: Uint8Array, names: readonly string[]): ImportReport['shares'] {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  return names
    .map((name, id) => ({ name, share: counts[id] / labels.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

/** Nearly all of a picture. */
const ALL = 0.99;

function suspicions([first]: ImportReport['shares']): string[] {
  if (first === undefined)
    return ['it found none of the classes in the picture: see whether they are its own'];
  if (first.share < ALL) return [];
  return [
    `it found ${first.name} nearly everywhere: if that is wrong, its pixels are to enter otherwise (--range, --mean, --std, --bgr)`,
  ];
}

async function write(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, data);
  } catch (error) {
    throw outputErrorFor(path, error);
  }
}
