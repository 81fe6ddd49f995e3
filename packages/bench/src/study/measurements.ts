/** What was measured, kept as files: a study that was stopped goes on where it was. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { outputErrorFor } from '@twnet/node/files/output-error';
import { describeMachine } from '../stamp/machine.js';
import { measurementStamp, type Stamp } from '../stamp/stamp.js';
import { digestOf, type StudyModel } from './study-model.js';

export class Measurements {
  private constructor(readonly folder: string) {}

  /** @throws OutputError when the folder cannot be made */
  static async open(folder: string): Promise<Measurements> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw outputErrorFor(folder, error);
    }
    return new Measurements(folder);
  }

  /** What was kept under a name; undefined where there is nothing, or nothing that can be read. */
  async kept(id: string): Promise<unknown> {
    let text: string;
    try {
      text = await readFile(this.path(id), 'utf8');
    } catch {
      return undefined;
    }
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /**
   * The kept value, or the one that `make` gives, which is kept then. Either way it has been through JSON, so that a
   * resumed study prints what an unbroken one does: NaN is null.
   */
  async get(id: string, make: () => Promise<unknown>): Promise<unknown> {
    const kept = await this.kept(id);
    if (kept !== undefined) return kept;
    const text = JSON.stringify(await make());
    await writeFileAtomic(this.path(id), `${text}\n`);
    return JSON.parse(text);
  }

  private path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

/**
 * The stamp of a study: of when and how it was begun, also after it was resumed.
 *
 * @param models the first is the one that the study is about
 * @param args arguments of `twnet`, now
 * @returns date and load are those of the first run on this machine with these weights, whose figures may be kept
 */
export async function begunStamp(
  measurements: Measurements,
  models: readonly StudyModel[],
  variants: readonly StudyModel[],
  args: readonly string[],
): Promise<Stamp> {
  const [main, ...others] = [...new Map([...models, ...variants].map((one) => [one.digest, one])).values()];
  const weights = models.map(({ model }) => model.digest);
  const id = `begun-${digestOf([JSON.stringify(describeMachine()), ...weights])}`;
  const now = await measurementStamp([main.model], args);
  const alongside = others.map(({ name, model: { digest } }) => ({ name, digest }));
  const begun = (await measurements.get(id, async () => now)) as Stamp;
  return { ...begun, ...(alongside.length > 0 ? { alongside } : {}), command: now.command };
}
