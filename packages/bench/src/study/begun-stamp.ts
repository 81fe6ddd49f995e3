/** The stamp of a study: of when and how it was begun, also after it was resumed. */
import { describeMachine } from '../stamp/machine.js';
import { measurementStamp, type Stamp } from '../stamp/stamp.js';
import type { Measurements } from './measurements.js';
import { digestOf, type StudyModel } from './study-model.js';

/**
 * @param args arguments of `twnet`, now
 * @returns date and load are those of the first run on this machine with these weights, whose figures may be kept
 */
export async function begunStamp(
  measurements: Measurements,
  models: readonly StudyModel[],
  args: readonly string[],
): Promise<Stamp> {
  const weights = models.map(({ model }) => model.digest);
  const id = `begun-${digestOf([JSON.stringify(describeMachine()), ...weights])}`;
  const now = await measurementStamp(
    models.map(({ model }) => model),
    args,
  );
  const begun = (await measurements.get(id, async () => now)) as Stamp;
  return { ...begun, command: now.command };
}
