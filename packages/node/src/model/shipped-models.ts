/** The models that the package ships, which are found by their names. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@twnet/core/errors';
import { CARD_FILE } from '@twnet/core/model/model-card';
import { nearest } from '@twnet/core/options/nearest';

/** A folder for each of them; beside this package as built, too. */
const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

const folderOf = (name: string): string => join(MODELS, name);

/** The names of the models that ship. */
export function shippedModels(): string[] {
  return readdirSync(MODELS)
    .filter((name) => existsSync(join(folderOf(name), CARD_FILE)))
    .sort();
}

/** The folder of the model of the paper's tables, which is what most documents measure. */
export const PAPER_MODEL = folderOf('camvid-mobilenet-v1');

const NEWEST = folderOf('cityscapes');

/** The folder of the model that is used where none is named. */
export const DEFAULT_MODEL = existsSync(join(NEWEST, CARD_FILE)) ? NEWEST : PAPER_MODEL;

/**
 * The folder that is meant by a shipped model's name or by a folder's path (`./cityscapes`, where one is called that).
 *
 * @throws InputError for what looks like the mistyped name of a model that ships
 */
export function modelFolder(named: string = DEFAULT_MODEL): string {
  const names = shippedModels();
  if (names.includes(named)) return folderOf(named);
  const meant = /[/\\]/.test(named) || existsSync(named) ? undefined : nearest(named, names);
  if (meant === undefined) return named;
  throw new InputError(
    `${named}: is neither a model that ships nor a folder; did you mean '${meant}'? (twnet models lists them)`,
  );
}
