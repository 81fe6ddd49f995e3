/** What was measured and simulated of a queue. */
import type { Tables } from './fill.js';
import type { MeasurementsByName } from './measurements.js';

const NOT_YET = '–';

function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Of workers, and of Redis, by tenths of the time that a million groups took. */
const memory: Tables[string] = (measurements: MeasurementsByName) => {
  const measured = measurements.get('cluster-memory') as
    | { readonly workerMiB: readonly number[]; readonly redisMiB: readonly number[] }
    | undefined;
  const tenths = Array.from({ length: 10 }, (_, i) => i);
  const row = (name: string, of: readonly number[] | undefined) => [
    name,
    ...tenths.map((i) => of?.[i] ?? NOT_YET),
  ];
  return table(
    ['MiB at most, by tenths of the time', ...tenths.map((i) => String(i + 1))],
    [row('a worker', measured?.workerMiB), row('Redis', measured?.redisMiB)],
  );
};

const faults: Tables[string] = (measurements: MeasurementsByName) => {
  const counts = (measurements.get('cluster-faults')?.faults ?? {}) as Readonly<Record<string, number>>;
  const rows = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  return table(['fault', 'times'], rows.length > 0 ? rows : [[NOT_YET, NOT_YET]]);
};

interface Fleet {
  readonly workers: number;
  readonly hours: number;
  readonly idle: number;
  readonly redis: number;
}

const simulation: Tables[string] = (measurements: MeasurementsByName) => {
  const simulated = measurements.get('cluster-simulation') as
    | { readonly asIs: readonly Fleet[]; readonly small: readonly Fleet[] }
    | undefined;
  const rows = (simulated?.asIs ?? []).map(({ workers, hours, idle, redis }, i) => [
    workers.toLocaleString('en'),
    hours.toFixed(2),
    percent(idle),
    percent(redis),
    percent(simulated!.small[i].idle),
  ]);
  return table(
    ['workers', 'hours', 'idle', 'Redis busy', 'idle with groups of 12 frames as jobs'],
    rows.length > 0 ? rows : [[NOT_YET, NOT_YET, NOT_YET, NOT_YET, NOT_YET]],
  );
};

export const CLUSTER_TABLES: Tables = {
  'cluster-memory': memory,
  'cluster-faults': faults,
  'cluster-simulation': simulation,
};
