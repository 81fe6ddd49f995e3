/** `twnet benchmark frontier` for a person. */
import type { Estimate, MethodFigures } from '../frontier/frontier-report.js';
import { fullName } from '../methods/stream-method.js';

export function frontierLines(figures: readonly MethodFigures[]): string[] {
  const several = new Set(figures.map(({ model }) => model)).size > 1;
  const names = figures.map((one) => fullName(one, several));
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const withBand = figures.some(({ boundaryMeanIou }) => boundaryMeanIou);
  const head = [
    ''.padEnd(width),
    'mIoU'.padStart(19),
    'kept'.padStart(8),
    ...(withBand ? ['boundary'.padStart(10)] : []),
    'ms a frame'.padStart(18),
    'share'.padStart(7),
    '   per frame as fast: scale, mIoU, points above it',
  ];
  const rows = figures.map((one, i) =>
    [
      names[i].padEnd(width),
      points(one.meanIou).padStart(19),
      one.kept.value.toFixed(4).padStart(8),
      ...(withBand ? [hundredths(one.boundaryMeanIou?.value).padStart(10)] : []),
      `${spread(one)}`.padStart(18),
      one.timeShare.median.toFixed(3).padStart(7),
      besides(one),
    ].join(''),
  );
  return [head.join('').trimEnd(), ...rows.map((row) => row.trimEnd()), ...aboveWarp(figures, names, width)];
}

function besides({ asFast }: MethodFigures): string {
  if (!asFast) return '';
  const sign = asFast.beyond === 'faster' ? '≥ ' : '';
  return `   ${sign}${asFast.scale.toFixed(2)}  ${hundredths(asFast.meanIou)}  ${signed(asFast.gap)}`;
}

/** Points against warping alone, by distance. */
function aboveWarp(figures: readonly MethodFigures[], names: readonly string[], width: number): string[] {
  const rows = figures.flatMap(({ curve }, i) => {
    const known = curve.flatMap(({ distance, aboveWarp: above }) => (above ? [{ distance, above }] : []));
    return known.length === 0 ? [] : [{ name: names[i], known }];
  });
  if (rows.length === 0) return [];
  return [
    '',
    'points above warping alone, by frames since the key frame',
    ...rows.flatMap(({ name, known }) =>
      known.map(({ distance, above }, i) =>
        `${(i === 0 ? name : '').padEnd(width)}${String(distance).padStart(3)}  ${signed(above)}`.trimEnd(),
      ),
    ),
  ];
}

const hundredths = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : (100 * value).toFixed(2);

/** `72.31 (70.1–74.5)`. */
function points({ value, lower, upper }: Estimate): string {
  const ends = [lower, upper].map((end) => (Number.isNaN(end) ? '–' : (100 * end).toFixed(1)));
  return `${hundredths(value)} (${ends.join('–')})`;
}

/** `+2.31 (1.10 to 3.52)`. */
function signed({ value, lower, upper }: Estimate): string {
  const sign = value > 0 ? '+' : '';
  const ends = Number.isNaN(lower) ? '' : ` (${hundredths(lower)} to ${hundredths(upper)})`;
  return `${sign}${hundredths(value)}${ends}`;
}

function spread({ milliseconds: { median, low, high } }: MethodFigures): string {
  return `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}
