/** `twnet benchmark speed` as text. */

import type { SpeedReport, TimedNetwork, TimedOperators } from '../speed/speed.js';
import type { SpeedMeasurement } from '../speed/speed-measurement.js';
import type { Configuration } from '../speed/speed-plan.js';
import type { Spread } from '../speed/spread.js';
import { machineLine } from '../stamp/machine.js';

/** Operators that are listed; `--json` has all. */
const OPERATORS = 10;

export function speedLines(report: SpeedReport): string[] {
  const groups = new Map<string, SpeedMeasurement[]>();
  for (const one of report.measurements) {
    const key = [one.width, one.height, one.backbone].join();
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const [only, ...others] = report.measurements;
  return [
    ...(others.length === 0 && only.endToEnd.nonKey ? [...shortLines(only, report.networks), ''] : []),
    ...[...groups.values()].flatMap((group) => [...groupLines(group, report.networks), '']),
    ...report.operators.flatMap((timed) => [...operatorLines(timed), '']),
    `${report.rounds} ${report.rounds === 1 ? 'round' : 'rounds'}, ${atATime(report)}${report.provider}; ${machineLine(report.machine)}`,
  ];
}

const atATime = ({ parallel }: SpeedReport): string =>
  parallel === 1 ? '' : `end to end ${parallel} groups of pictures at a time, `;

/** A non-key frame beside the per-frame network, where that is all. */
function shortLines(one: SpeedMeasurement, networks: readonly TimedNetwork[]): string[] {
  const key = gigaMacsOf(networks, { ...one, layer: 'per-frame' });
  const nonKey = gigaMacsOf(networks, one);
  const line = (name: string, first: string, second: string): string =>
    (name.padEnd(16) + first.padStart(12) + second.padStart(10)).trimEnd();
  return [
    `${one.width}×${one.height}, Layer ${one.layer}, end to end`,
    line('', 'ms a frame', 'GMACs'),
    line('per frame', one.endToEnd.perFrame.median.toFixed(1), key.toFixed(2)),
    line('non-key frame', one.endToEnd.nonKey!.median.toFixed(1), nonKey.toFixed(2)),
    line('ratio', inverse(one.nonKeySpeedUp.endToEnd), (nonKey / key).toFixed(3)),
  ];
}

function groupLines(group: readonly SpeedMeasurement[], networks: readonly TimedNetwork[]): string[] {
  const [{ width, height, backbone, threads, gop, endToEnd, network, stages }] = group;
  const costOf = (layer: TimedNetwork['layer']): number => gigaMacsOf(networks, { ...group[0], layer });
  const base = costOf('per-frame');
  return [
    [
      `${width}×${height}`,
      `${backbone} (${weightsOf(networks, backbone)})`,
      threads === null ? '' : `threads ${threads}`,
      `GOP of ${gop}`,
    ]
      .filter((part) => part !== '')
      .join(', '),
    row('end to end', ['ms a frame', 'speed-up', 'non-key, ms', '÷ per frame', 'GMACs']),
    row('per frame', [spread(endToEnd.perFrame), '', '', '', base.toFixed(2)]),
    ...group.map((one) => {
      const cost = costOf(one.layer);
      return row(`Layer ${one.layer}`, [
        spread(one.endToEnd.propagated),
        spread(one.speedUp.endToEnd),
        spread(one.endToEnd.nonKey),
        inverse(one.nonKeySpeedUp.endToEnd),
        cost.toFixed(2),
      ]);
    }),
    row('networks alone', ['key, ms', 'speed-up', 'non-key, ms', '÷ per frame']),
    row('per frame', [spread(network.perFrame), '', '', '']),
    ...group.map((one) =>
      row(`Layer ${one.layer}`, [
        spread(one.network.key),
        spread(one.speedUp.network),
        spread(one.network.nonKey),
        inverse(one.nonKeySpeedUp.network),
      ]),
    ),
    row('stages, ms', ['decode', 'motion', 'network', 'labels']),
    stageRow('per frame', stages.perFrame),
    ...group.flatMap((one) => [
      stageRow(`Layer ${one.layer}, key`, one.stages.key),
      ...(one.stages.nonKey ? [stageRow(`Layer ${one.layer}, non-key`, one.stages.nonKey)] : []),
    ]),
  ];
}

function gigaMacsOf(
  networks: readonly TimedNetwork[],
  { backbone, layer, width, height }: Configuration,
): number {
  return networks.find(
    (one) => one.layer === layer && one.backbone === backbone && one.width === width && one.height === height,
  )!.gigaMacs;
}

function weightsOf(networks: readonly TimedNetwork[], backbone: string): string {
  const weights = networks.filter((one) => one.backbone === backbone).map((one) => one.weights);
  return [...new Set(weights)].map((name) => (name === 'random' ? 'random weights' : name)).join(', ');
}

function stageRow(
  name: string,
  { decode, motion, network, labels }: SpeedMeasurement['stages']['key'],
): string {
  return row(name, [decode, motion, network, labels].map(digits));
}

function operatorLines({ width, height, backbone, layer, operators }: TimedOperators): string[] {
  const total = operators.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    `${width}×${height}, ${backbone}, ${layer === 'per-frame' ? 'per frame' : `Layer ${layer}, non-key frame`}: ${total.toFixed(1)} ms in operators`,
    ...operators.slice(0, OPERATORS).map(({ operator, milliseconds, share, calls }) => {
      const times = `${milliseconds.toFixed(2).padStart(10)} ms ${(100 * share).toFixed(1).padStart(6)} %`;
      return `${times}  ${operator} ×${Math.round(calls)}`;
    }),
  ];
}

/** `26.0 (25.1–27.2)`, or the one value there is. */
function spread(value: Spread | null): string {
  if (value === null) return '–';
  const { median, low, high, rounds } = value;
  return rounds.length === 1 ? digits(median) : `${digits(median)} (${digits(low)}–${digits(high)})`;
}

/** To about three digits. */
function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

function inverse(speedUp: Spread | null): string {
  return speedUp === null ? '–' : (1 / speedUp.median).toFixed(3);
}

function row(name: string, [first, second, third, fourth, fifth = '']: readonly string[]): string {
  const cells = [first, second, third].map((cell) => cell.padStart(19)).join('');
  return (name.padEnd(18) + cells + fourth.padStart(13) + fifth.padStart(9)).trimEnd();
}
