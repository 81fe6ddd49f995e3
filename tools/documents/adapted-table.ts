/** What `twnet adapt` came to on footage of three kinds, beside the network on every frame. */
import type { Judged } from '@twnet/train/adapt/judge';
import type { Tables } from './fill.js';
import type { MeasurementsByName } from './measurements.js';

const FOOTAGE = [
  ['adapt-kitti', 'KITTI, city and residential'],
  ['adapt-motorway', 'motorway'],
  ['adapt-fixed', 'fixed camera, I-frame in 250'],
] as const;
const NOT_YET = '–';

type Ways = readonly (Judged & { readonly times: number })[];

/** A row a way, by the names of the first footage that there is. */
const adapted: Tables[string] = (measurements: MeasurementsByName) => {
  const of = FOOTAGE.map(([name]) => measurements.get(name)?.ways as Ways | undefined);
  const named = of.find((ways) => ways !== undefined) ?? [];
  const rows = named.map(({ name, options }) => [
    options === undefined ? `${name} (only to compare)` : `${name}: \`${options}\``,
    ...of.map((ways) => {
      const way = ways?.find((one) => one.name === name);
      if (!way) return NOT_YET;
      const { agreement, times, flicker } = way;
      return `${(100 * agreement).toFixed(1)} % at ${times.toFixed(1)} × (flicker ${(100 * flicker).toFixed(2)} %)`;
    }),
  ]);
  const columns = ['way', ...FOOTAGE.map(([, told]) => told)];
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

export const ADAPTED_TABLES: Tables = { adapted };
