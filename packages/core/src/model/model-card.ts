/** The card beside a model's weights: what it is, what it was trained from, and how well it does. */
import { z } from 'zod';
import { InputError } from '../errors.js';
import { MODEL_KINDS } from '../network/architectures.js';
import { BACKBONE_NAMES } from '../network/backbones.js';
import type { WarpLayer } from '../network/key-frame.js';
import { SPEEDS } from '../network/operating-point.js';
import { PROPAGATED } from '../network/propagated-frame.js';
import { importedEntry } from './imported-entry.js';

/** Keys and class names that are no names to a JavaScript object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Text for people: it gets into terminals, file names' neighbourhood and tables. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'holds control characters');
const className = text(100).refine((name) => !RESERVED.has(name), 'is no name for a class');
const colour = z.int().min(0).max(255);

const point = z.object({
  propagated: z.enum(PROPAGATED),
  divisor: z.literal([2, 4]),
  hidden: z.int().min(1).max(4096),
  /** Warped once from the key frame, along accumulated vectors; false: from the frame before. */
  accumulated: z.boolean(),
  /** Warped from the key frame after, too, where frames lie between two; default false. Only of accumulated ones. */
  bidirectional: z.boolean().optional(),
  /** A key frame at least every so many frames, beside those of the codec; default: those alone. */
  interval: z.int().min(1).max(65_535).optional(),
});

const networkEntry = z.object({
  /** File of the weights, in the model's folder. */
  weights: text(255),
  /** Of that file, lower-case hex; cards of earlier versions have none. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in lower-case hex')
    .optional(),
  /** Modules of the correction stage; only of non-key-frame networks. */
  correction: z.object({ cfr: z.boolean(), rga: z.boolean() }).optional(),
  /** What an operating point is; of those of a segmenter, and only of them: `PointDesign` of propagated-frame.ts. */
  point: point.optional(),
  /** Rank of the 3 × 3 convolutions in a non-key-frame network's tail; whole where nothing is said. */
  tailRank: z.int().min(1).max(4096).optional(),
  /** The training run's configuration. */
  training: z.record(z.string(), z.unknown()).optional(),
  /** Figures as measured, by name. */
  figures: z.record(z.string(), z.number()).optional(),
});

const cardFields = z.object({
  format: z.literal('twnet-model-1'),
  name: text(200),
  /**
   * Default lateral: the paper's. A segmenter's backbone is efficientvit-b0, as that of an imported model's non-key
   * networks is.
   */
  architecture: z.enum(MODEL_KINDS).optional(),
  backbone: z.enum(BACKBONE_NAMES),
  classes: z.array(className).min(2).max(255),
  /** One RGB colour a class, 0..255. */
  palette: z.array(z.tuple([colour, colour, colour])),
  /** Pixels enter as (x − zeroPoint) · scale, or by ImageNet's mean and deviation. */
  normalisation: z.union([z.object({ zeroPoint: z.number(), scale: z.number() }), z.literal('imagenet')]),
  /** Of an imported model, whose key-frame network is an ONNX file: how it takes pictures, and what it gives. */
  imported: importedEntry.optional(),
  /** layer1 and layer2 are of lateral models, accurate, fast and causal of others. */
  networks: z.object({
    key: networkEntry,
    layer1: networkEntry.optional(),
    layer2: networkEntry.optional(),
    accurate: networkEntry.optional(),
    fast: networkEntry.optional(),
    causal: networkEntry.optional(),
  }),
  /** Where the weights come from and on what terms. */
  provenance: z.object({ trainedOn: z.string(), startedFrom: z.string(), licence: z.string() }),
});

export const modelCardSchema = cardFields.superRefine((card, context) => {
  for (const [path, message] of contradictions(card))
    context.addIssue({ code: 'custom', path: [...path], message });
});

/** What of a card does not go together. */
function* contradictions(
  card: z.infer<typeof cardFields>,
): Generator<[path: readonly string[], message: string]> {
  const { classes, palette, networks, backbone, normalisation } = card;
  const twice = classes.find((name, index) => classes.indexOf(name) < index);
  if (twice !== undefined) yield [['classes'], `has ${twice} twice`];
  if (palette.length !== classes.length)
    yield [['palette'], `has ${palette.length} colours for ${classes.length} classes`];
  const architecture = card.architecture ?? 'lateral';
  const hasPoints = architecture !== 'lateral';
  if (hasPoints && backbone !== 'efficientvit-b0')
    yield [
      ['backbone'],
      `is ${backbone}; a ${architecture === 'imported' ? 'non-key network' : 'segmenter'}'s is efficientvit-b0`,
    ];
  if (hasPoints && normalisation !== 'imagenet')
    yield [['normalisation'], 'is not imagenet, which a segmenter takes'];
  if (architecture === 'imported' && !card.imported) yield [['imported'], 'is missing'];
  if (architecture !== 'imported' && card.imported)
    yield [['imported'], `is none of a ${architecture} model`];
  if (card.imported?.output.content === 'foreground' && classes.length !== 2)
    yield [['classes'], 'are not two, of a network that tells one class from the rest'];
  for (const name of hasPoints ? LAYERS : SPEEDS)
    if (networks[name]) yield [['networks', name], `is none of a ${architecture} model`];
  for (const name of SPEEDS)
    if (networks[name] && !networks[name].point) yield [['networks', name, 'point'], 'is missing'];
  for (const name of ['key', ...LAYERS] as const)
    if (networks[name]?.point) yield [['networks', name, 'point'], 'is of accurate, fast and causal alone'];
}

const LAYERS = ['layer1', 'layer2'] as const;

export type ModelCard = z.infer<typeof modelCardSchema>;
export type NetworkEntry = z.infer<typeof networkEntry>;

/** Rank of the 3 × 3 convolutions in the tail of a model's non-key-frame network; undefined where they are whole. */
export function tailRankOf({ networks }: ModelCard, layer: WarpLayer): number | undefined {
  return layer === 3 ? undefined : networks[`layer${layer}`]?.tailRank;
}

export const CARD_FILE = 'model.json';

/**
 * Parses and checks a card.
 *
 * @param path of its file, for errors
 * @throws InputError
 */
export function parseModelCard(text: string, path: string): ModelCard {
  let parsed: unknown;
  let reserved: string | undefined;
  try {
    parsed = JSON.parse(text, (key, value) => {
      if (RESERVED.has(key)) reserved = key;
      return value;
    });
  } catch {
    throw new InputError(`${path}: is not JSON`);
  }
  if (reserved !== undefined) throw new InputError(`${path}: has the key ${reserved}, which no card has`);
  const result = modelCardSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError(`${path}: ${issue.path.join('.') || 'the card'}: ${issue.message}`);
}
