/** A model folder as a study sees it: which of the paper's rows it fills. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CARD_FILE, type ModelCard } from '@twnet/core/model/model-card';
import { Model, PAPER_MODEL } from '@twnet/node/model/model';
import type { Modules } from './paper.js';

export interface StudyModel {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string | undefined;
  readonly model: Model;
  readonly card: ModelCard;
  /** Of all weights and the card: measurements are kept by it. */
  readonly digest: string;
  /** Of the key-frame network's weights alone: models that share them share their baselines. */
  readonly keyDigest: string;
}

/** @param folder without: the model of the paper's tables */
export async function openStudyModel(folder: string | undefined): Promise<StudyModel> {
  const model = await Model.open(folder ?? PAPER_MODEL);
  const { card } = model;
  const { key, layer1, layer2 } = card.networks;
  const files = [CARD_FILE, ...[key, layer1, layer2].flatMap((entry) => (entry ? [entry.weights] : []))];
  const contents = await Promise.all(files.map((file) => readFile(join(model.folder, file))));
  return {
    name: basename(model.folder),
    folder,
    model,
    card,
    digest: digestOf(contents),
    keyDigest: digestOf([contents[1]]),
  };
}

/** Layers that the model has a network of its own for. */
export function trainedLayers({ card }: StudyModel): (1 | 2)[] {
  return ([1, 2] as const).filter((layer) => card.networks[`layer${layer}`] !== undefined);
}

/** What was trained for a layer; undefined where nothing was. */
export function modulesOf({ card }: StudyModel, layer: 1 | 2): Modules | undefined {
  const entry = card.networks[`layer${layer}`];
  return entry && { fineTuned: true, cfr: entry.correction?.cfr ?? true, rga: entry.correction?.rga ?? true };
}

/** λ1 that the layer's network was trained with; undefined where its card does not say. */
export function consistencyWeightOf({ card }: StudyModel, layer: 1 | 2): number | undefined {
  const weight = card.networks[`layer${layer}`]?.training?.consistencyWeight;
  return typeof weight === 'number' ? weight : undefined;
}

/** Short, for file names. */
export function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 12);
}
