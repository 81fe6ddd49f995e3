/** Measurements that the documents are filled from: JSON that measuring commands wrote, with their stamps. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stamp } from '@twnet/bench/stamp/stamp';
import { modelDigest } from '@twnet/node/model/model-files';
import { modelFolder, shippedModels } from '@twnet/node/model/shipped-models';

export interface Measurement {
  readonly stamp: Stamp;
  readonly [figure: string]: unknown;
}

export type MeasurementsByName = ReadonlyMap<string, Measurement>;

/** Every `NAME.json` of a folder by its name. */
export function readMeasurements(folder: string): MeasurementsByName {
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => [
        file.slice(0, -'.json'.length),
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as Measurement,
      ]),
  );
}

/** Measurements of time or memory that were made while other programs ran, of those that are `idle` kinds. */
export function busyFaults(
  measurements: MeasurementsByName,
  idle: readonly string[],
  most: number,
): string[] {
  return idle.flatMap((name) => {
    const busy = measurements.get(name)?.stamp?.busyCores ?? 0;
    if (busy <= most) return [];
    return [
      `docs/measurements/${name}.json: was measured while other programs kept ${busy} cores busy; again: npm run measure -- --only ${name}`,
    ];
  });
}

/** Digests of all models that ship. */
export function shippedDigests(): Promise<string[]> {
  return Promise.all(shippedModels().map((name) => modelDigest(modelFolder(name))));
}

/** What is wrong with their stamps: no stamp, or other weights than those that ship. */
export function stampFaults(
  measurements: MeasurementsByName,
  shippedDigests: string | readonly string[],
): string[] {
  const shipped = [shippedDigests].flat();
  const told = shipped.map((digest) => `${digest.slice(0, 12)}…`).join(', ');
  return [...measurements].flatMap(([name, { stamp }]) => {
    const file = `docs/measurements/${name}.json`;
    if (!stamp?.weights?.length || !stamp.version || !stamp.machine || !stamp.command || !stamp.date)
      return [`${file}: has no stamp, or one that lacks weights, version, machine, command or date`];
    const path = /(^|[\s=])(\/|~|[A-Za-z]:\\)\S*/.exec(stamp.command)?.[0];
    if (path) return [`${file}: its command has a path of the machine it was run on,${path}`];
    return stamp.weights
      .filter(({ digest }) => !shipped.includes(digest))
      .map(
        ({ name: model, digest }) =>
          `${file}: is of the weights ${model} ${digest.slice(0, 12)}…, but ${told} ship; measure again: npm run measure -- --only ${name}`,
      );
  });
}
