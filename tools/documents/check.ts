/** Whether the documents say what was measured with the weights that ship. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill, MARKER, type Tables } from './fill.js';
import { type MeasurementsByName, stampFaults } from './measurements.js';
import { fileName, RESULT_PICTURES, results } from './results.js';
import { unstampedNumbers } from './unstamped.js';

export interface Sources {
  readonly measurements: MeasurementsByName;
  readonly tables: Tables;
  /** `Model.digest` of the weights that ship. */
  readonly digest: string;
}

/** Faults of a document with markers; none where `npm run documents` would change nothing. */
export function documentFaults(name: string, text: string, { measurements, tables }: Sources): string[] {
  const filled = fill(text, measurements, tables);
  const faults = [...filled.faults, ...staleMarkers(text, filled.text), ...unstampedNumbers(text)];
  return faults.map((fault) => `${name}: ${fault}`);
}

function staleMarkers(before: string, after: string): string[] {
  if (before === after) return [];
  const new_ = [...after.matchAll(MARKER)];
  return [...before.matchAll(MARKER)].flatMap(([marker, expression, value], index) =>
    marker === new_[index]?.[0]
      ? []
      : [`says “${value.trim().split('\n')[0]}” where ${expression} is another; run npm run documents`],
  );
}

/** Faults of `docs/results.md` and the pictures that it shows. */
export function resultsFaults(text: string, { measurements }: Sources, docs: string): string[] {
  const report = measurements.get('report');
  if (!report) return ['docs/measurements/report.json: is missing; npm run measure -- --only report'];
  const { markdown, pictures } = results(report);
  const faults =
    text === markdown
      ? []
      : ['docs/results.md: is not what measurements/report.json says; run npm run documents'];
  for (const { file, sha256 } of pictures) {
    const path = join(docs, RESULT_PICTURES, fileName(file));
    const own = existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex');
    if (own !== sha256)
      faults.push(
        `docs/${RESULT_PICTURES}/${fileName(file)}: is not the report's; npm run measure -- --only report --again`,
      );
  }
  return faults;
}

export function allStampFaults({ measurements, digest }: Sources): string[] {
  return stampFaults(measurements, digest);
}
