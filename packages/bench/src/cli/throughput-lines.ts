/** `twnet benchmark throughput` as text. */
import type { FrameTimings } from '@twnet/core/segment/segmented-frame';
import { fullName } from '../methods/stream-method.js';
import type { Spread } from '../speed/spread.js';
import { type Machine, machineLine } from '../stamp/machine.js';
import type { MethodThroughput } from '../throughput/throughput.js';

export interface ThroughputReport {
  readonly width: number;
  readonly height: number;
  readonly gop: number;
  readonly rounds: number;
  readonly machine: Machine;
  readonly methods: readonly MethodThroughput[];
}

export function throughputLines({
  width,
  height,
  gop,
  rounds,
  machine,
  methods,
}: ThroughputReport): string[] {
  const several = new Set(methods.map(({ model }) => model)).size > 1;
  const names = methods.map((method) => fullName(method, several));
  const wide = Math.max(18, ...names.map((name) => name.length)) + 9;
  const row = (name: string, cells: readonly string[]): string =>
    (name.padEnd(wide) + cells.map((cell) => cell.padStart(18)).join('')).trimEnd();
  return [
    `${width}×${height}, GOP of ${gop}`,
    row('end to end', ['ms a frame', 'frames a second', 'speed-up']),
    ...methods.map((method, index) =>
      row(names[index], [
        spread(method.milliseconds, 1),
        method.framesPerSecond.toFixed(1),
        spread(method.speedUp, 2),
      ]),
    ),
    '',
    row('stages, ms', ['decode', 'motion', 'network', 'labels']),
    ...methods.flatMap(({ stages }, index) =>
      (['key', 'nonKey'] as const).flatMap((kind) => {
        const times = stages[kind];
        const name = `${names[index]}, ${kind === 'key' ? 'key' : 'non-key'}`;
        return times ? [row(name, cellsOf(times))] : [];
      }),
    ),
    '',
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}; ${machineLine(machine)}`,
  ];
}

const cellsOf = ({ decode, motion, network, labels }: FrameTimings): string[] =>
  [decode, motion, network, labels].map((time) => time.toFixed(1));

/** `26.0 (25.1–27.2)`, or the one value there is. */
function spread({ median, low, high, rounds }: Spread, digits: number): string {
  const all = [low, high].map((value) => value.toFixed(digits)).join('–');
  return rounds.length === 1 ? median.toFixed(digits) : `${median.toFixed(digits)} (${all})`;
}
