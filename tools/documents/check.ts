/** Whether the documents say what was measured. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '@twnet/core/model/model-card';
import { Unmeasured, valueAt } from './expression.js';
import { type FillSources, fill, MARKER } from './fill.js';
import type { DrawnChart } from './frontier-tables.js';
import type { Measurement, MeasurementsByName } from './measurements.js';
import { fileName, RESULT_PICTURES, results } from './results.js';
import { unstampedNumbers } from './unstamped.js';

/** Faults of a document with markers; none where `npm run documents` would change nothing. */
export function documentFaults(name: string, text: string, sources: FillSources): string[] {
  const filled = fill(text, sources);
  const faults = [...filled.faults, ...staleMarkers(text, filled.text), ...unstampedNumbers(text)];
  return faults.map((fault) => `${name}: ${fault}`);
}

function staleMarkers(before: string, after: string): string[] {
  const current = [...after.matchAll(MARKER)];
  return [...before.matchAll(MARKER)].flatMap(([marker, expression, value], index) =>
    marker === current[index]?.[0]
      ? []
      : [
          `“${value.trim().split('\n')[0]}” is not what ${expression} was measured to be; run npm run documents`,
        ],
  );
}

/** Faults of `docs/research/results.md` and of the pictures that it shows. */
export function resultsFaults(text: string, report: Measurement | undefined, research: string): string[] {
  const { markdown, pictures } = results(report);
  return [
    ...(text === markdown
      ? []
      : ['docs/research/results.md: is not what measurements/report.json says; run npm run documents']),
    ...pictures
      .filter(({ file, sha256 }) => digestOf(join(research, RESULT_PICTURES, fileName(file))) !== sha256)
      .map(
        ({ file }) =>
          `docs/research/${RESULT_PICTURES}/${fileName(file)}: is not the report's; npm run measure -- --only report --again`,
      ),
  ];
}

/** Faults of README's picture, which is made from the weights that ship. */
export function pictureFaults(picture: Measurement | undefined, root: string): string[] {
  const { file, sha256 } = (picture ?? {}) as { file?: string; sha256?: string };
  if (file === undefined) return ['docs/measurements/picture.json: is missing; npm run picture'];
  return digestOf(join(root, file)) === sha256
    ? []
    : [`${file}: is not the one that was made; npm run picture`];
}

/** Faults of pictures that are drawn from measurements. */
export function chartFaults(charts: readonly DrawnChart[], root: string): string[] {
  return charts.flatMap(({ file, svg }) => {
    const path = join(root, file);
    if (svg === undefined) return existsSync(path) ? [`${file}: its measurement is not there`] : [];
    const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === svg;
    return isCurrent ? [] : [`${file}: is not what was measured; run npm run documents`];
  });
}

/** Figures of the shipped model's card that are measured here as well. */
const CARD_FIGURES: Readonly<Record<string, (network: string) => string>> = {
  'CamVid test mIoU': () => 'stills.meanIou',
  '15 Hz clip, GOP 12, share of per-frame mIoU': (network) => `clip-${network}.columns[method=twnet].kept`,
};
/** Cards give three digits or four. */
const ROUNDING = 0.0006;

/** Figures of a card that are not what was measured. */
export function cardFaults({ networks }: ModelCard, measurements: MeasurementsByName): string[] {
  return Object.entries(networks).flatMap(([network, entry]) =>
    Object.entries(entry?.figures ?? {}).flatMap(([name, figure]) => {
      const path = CARD_FIGURES[name]?.(network);
      if (path === undefined) return [];
      try {
        const measured = valueAt(path, measurements) as number;
        if (Math.abs(measured - figure) <= ROUNDING) return [];
        return [`model.json: ${network}: “${name}” is ${figure}, but ${path} was measured to be ${measured}`];
      } catch (error) {
        if (error instanceof Unmeasured) return [];
        throw error;
      }
    }),
  );
}

function digestOf(path: string): string | undefined {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined;
}
