/** The card beside a model's weights: what it is, what it was trained from, and how well it does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.js';
import { BACKBONE_NAMES } from './backbones.js';
import type { WarpLayer } from './key-frame.js';

const networkEntry = z.object({
  /** File of the weights, in the model's folder. */
  weights: z.string(),
  /** Modules of the correction stage; only of non-key-frame networks. */
  correction: z.object({ cfr: z.boolean(), rga: z.boolean() }).optional(),
  /** Rank of the 3 × 3 convolutions in a non-key-frame network's tail; whole where nothing is said. */
  tailRank: z.int().min(1).optional(),
  /** The training run's configuration. */
  training: z.record(z.string(), z.unknown()).optional(),
  /** Figures as measured, by name. */
  figures: z.record(z.string(), z.number()).optional(),
});

export const modelCardSchema = z.object({
  format: z.literal('twnet-model-1'),
  name: z.string(),
  backbone: z.enum(BACKBONE_NAMES),
  classes: z.array(z.string()).min(2).max(255),
  /** One RGB colour a class. */
  palette: z.array(z.tuple([z.number(), z.number(), z.number()])),
  /** Pixels enter as (x − zeroPoint) · scale. */
  normalisation: z.object({ zeroPoint: z.number(), scale: z.number() }),
  networks: z.object({
    key: networkEntry,
    layer1: networkEntry.optional(),
    layer2: networkEntry.optional(),
  }),
  /** Where the weights come from and on what terms. */
  provenance: z.object({ trainedOn: z.string(), startedFrom: z.string(), licence: z.string() }),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
export type NetworkEntry = z.infer<typeof networkEntry>;

/** Rank of the 3 × 3 convolutions in the tail of a model's non-key-frame network; undefined where they are whole. */
export function tailRankOf({ networks }: ModelCard, layer: WarpLayer): number | undefined {
  return layer === 3 ? undefined : networks[`layer${layer}`]?.tailRank;
}

export const CARD_FILE = 'model.json';

/** Reads and checks a model folder's card. */
export async function readModelCard(folder: string): Promise<ModelCard> {
  const path = join(folder, CARD_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new InputError(
      `${folder}: is not a model folder: ${CARD_FILE} cannot be read; give a folder that twnet train wrote`,
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not JSON`);
  }
  const result = modelCardSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError(`${path}: ${issue.path.join('.') || 'the card'}: ${issue.message}`);
}
