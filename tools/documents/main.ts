/**
 * `npm run documents`: fills the documents from docs/measurements. With `--check` it writes nothing and ends with 1 where
 * a document says something else, a measurement is of other weights than those that ship, or a number is unstamped.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { PAPER_MODEL } from '@twnet/node/model/model';
import { readModelCard } from '@twnet/node/model/model-files';
import { IDLE, PLAN } from '../measure/plan.js';
import { cardFaults, chartFaults, documentFaults, pictureFaults, resultsFaults } from './check.js';
import { documents, MEASUREMENTS, RESEARCH, RESULTS, ROOT } from './files.js';
import { fill } from './fill.js';
import { drawnCharts } from './frontier-tables.js';
import { busyFaults, readMeasurements, shippedDigests, stampFaults } from './measurements.js';
import { results } from './results.js';
import { TABLES } from './tables.js';

const check = process.argv.includes('--check');
const measurements = readMeasurements(MEASUREMENTS);
const sources = { measurements, tables: TABLES, planned: PLAN.map(({ name }) => name) };
const report = measurements.get('report');
const charts = drawnCharts(measurements);
if (!check) {
  for (const name of documents()) {
    const path = join(ROOT, name);
    const before = readFileSync(path, 'utf8');
    const { text } = fill(before, sources);
    if (text !== before) await writeFileAtomic(path, text);
  }
  await writeFileAtomic(RESULTS, results(report).markdown);
  for (const { file, svg } of charts) if (svg) await writeFileAtomic(join(ROOT, file), svg);
}
const faults = [
  ...stampFaults(measurements, await shippedDigests()),
  ...busyFaults(
    measurements,
    PLAN.filter(({ kind }) => kind === 'idle').map(({ name }) => name),
    IDLE,
  ),
  ...documents().flatMap((name) => documentFaults(name, readFileSync(join(ROOT, name), 'utf8'), sources)),
  ...resultsFaults(readFileSync(RESULTS, 'utf8'), report, RESEARCH),
  ...cardFaults(await readModelCard(PAPER_MODEL), measurements),
  ...pictureFaults(measurements.get('picture'), ROOT),
  ...chartFaults(charts, ROOT),
];
const awaited = sources.planned.filter((name) => !measurements.has(name));
if (awaited.length > 0) process.stderr.write(`documents: still to be measured: ${awaited.join(', ')}\n`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
