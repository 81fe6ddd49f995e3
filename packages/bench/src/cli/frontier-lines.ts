/** `twnet benchmark frontier` for a person. */
import type { MethodFigures } from '../frontier/frontier-report.js';
import { fullName } from '../methods/stream-method.js';
import { hundredths, points, signed } from './estimates.js';

export function frontierLines(figures: readonly MethodFigures[]): string[] {
  const several = new Set(figures.map(({ model }) => model)).size > 1;
  const names = figures.map((one) => fullName(one, several));
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const withBand = figures.some(({ boundaryMeanIou }) => boundaryMeanIou);
  const head = [
    ''.padEnd(width),
    'mIoU'.padStart(19),
    'kept'.padStart(9),
    ...(withBand ? ['boundary'.padStart(10)] : []),
    'ms a frame'.padStart(22),
    'share'.padStart(8),
    '   per frame as fast: scale, mIoU, points above it',
  ];
  const rows = figures.map((one, i) =>
    [
      names[i].padEnd(width),
      points(one.meanIou).padStart(19),
      one.kept.value.toFixed(4).padStart(9),
      ...(withBand ? [hundredths(one.boundaryMeanIou?.value).padStart(10)] : []),
      `${spread(one)}`.padStart(22),
      one.timeShare.median.toFixed(3).padStart(8),
      besides(one),
    ].join(''),
  );
  return [head.join('').trimEnd(), ...rows.map((row) => row.trimEnd()), ...aboveWarp(figures, names)];
}

function besides({ asFast }: MethodFigures): string {
  if (!asFast) return '';
  const sign = asFast.beyond === 'faster' ? '≥ ' : '';
  return `   ${sign}${asFast.scale.toFixed(2)}  ${hundredths(asFast.meanIou)}  ${signed(asFast.gap)}`;
}

/** Points against warping alone, a row a distance. */
function aboveWarp(figures: readonly MethodFigures[], names: readonly string[]): string[] {
  const columns = figures.flatMap(({ curve }, i) => {
    const above = new Map(curve.map(({ distance, aboveWarp: estimate }) => [distance, estimate]));
    return curve.some((point) => point.aboveWarp) ? [{ name: names[i], above }] : [];
  });
  if (columns.length === 0) return [];
  const width = Math.max(24, ...columns.map(({ name }) => name.length + 2));
  const distances = figures[0].curve.map(({ distance }) => distance).filter((distance) => distance > 0);
  return [
    '',
    'points above the same features warped alone, by frames since the key frame',
    ['', ...columns.map(({ name }) => name)].map((cell, i) => cell.padStart(i === 0 ? 4 : width)).join(''),
    ...distances.map((distance) => {
      const cells = columns.map(({ above }) => above.get(distance));
      return `${String(distance).padStart(4)}${cells.map((cell) => (cell ? signed(cell) : '–').padStart(width)).join('')}`;
    }),
  ];
}

function spread({ milliseconds: { median, low, high } }: MethodFigures): string {
  return `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}
