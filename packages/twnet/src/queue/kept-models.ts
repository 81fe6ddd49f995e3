/** Models that stay open from job to job: reading and hashing one takes a tenth as long as a group of pictures. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { Model } from '@twnet/node/model/model';
import { modelFolder } from '@twnet/node/model/shipped-models';
import type { VideoJob } from './jobs.js';

/** Models that are kept; an archive is segmented by one or two. */
const MOST = 4;

interface Kept {
  /** Sizes and times of its files: others are another model. */
  readonly facts: string;
  readonly model: Model;
}

export class KeptModels {
  readonly #kept = new Map<string, Kept>();

  /** @throws InputError where the model is another one than the job was made for */
  async of({ model: { model, digest } }: VideoJob): Promise<Model> {
    const folder = modelFolder(model);
    const facts = await factsOf(folder);
    const before = this.#kept.get(folder);
    const opened = before && before.facts === facts ? before.model : await Model.open(model);
    this.#kept.delete(folder);
    this.#kept.set(folder, { facts, model: opened });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST) this.#kept.delete(oldest);
    if (opened.digest === digest) return opened;
    throw new InputError(
      `the model ${model ?? opened.card.name} of this worker is another than the job's (${opened.digest.slice(0, 12)}, not ${digest.slice(0, 12)}); give all machines the same`,
    );
  }
}

async function factsOf(folder: string): Promise<string> {
  // What cannot be read is for opening to say.
  const names = await readdir(folder).catch((): string[] => []);
  const facts = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return [name, found?.size, found?.mtimeMs];
    }),
  );
  return JSON.stringify(facts);
}
