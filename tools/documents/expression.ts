/**
 * The value of a marker: `MEASUREMENT.path FORMAT`, or two of them with `/` or `-` between. A path goes through keys,
 * indices, and `[key=value]`, the first element of an array that has it.
 *
 * Formats: `%N` percent without its sign, `.N` fixed, `,` whole with commas, `Mi` in 2²⁰, `text`; a `+` before writes
 * the sign.
 */
import type { MeasurementsByName } from './measurements.js';

const MARKER = /^(\S.*?)(?: ([/-]) (\S.*?))? (\+?(?:%\d|\.\d|,|Mi)|text)$/;

/** @throws Error for an expression that is none, or names nothing that was measured */
export function evaluate(expression: string, measurements: MeasurementsByName): string {
  const match = MARKER.exec(expression);
  if (!match) throw new Error(`“${expression}”: is not PATH FORMAT, such as stills.meanIou %1`);
  const [, first, operator, second, format] = match;
  const value = valueAt(first, measurements);
  if (format === 'text') return String(value);
  const left = asNumber(value, first);
  if (operator === undefined) return formatted(left, format);
  const right = asNumber(valueAt(second, measurements), second);
  return formatted(operator === '/' ? left / right : left - right, format);
}

/** A measurement of that name is not there. */
export class Unmeasured extends Error {
  constructor(readonly measurement: string) {
    super(
      `there is no docs/measurements/${measurement}.json; make it: npm run measure -- --only ${measurement}`,
    );
  }
}

/** What lies at a path, such as `clip.columns[name=per frame].meanIou`. */
export function valueAt(path: string, measurements: MeasurementsByName): unknown {
  const [, name, rest] = /^([\w-]+)(.*)$/s.exec(path) ?? [];
  const measurement = measurements.get(name ?? '');
  if (!measurement) throw new Unmeasured(name ?? path);
  let value: unknown = measurement;
  for (const [step, key, field, wanted] of rest.matchAll(/\.([^.[\]]+)|\[([^=\]]+)=([^\]]*)\]/g)) {
    value =
      key === undefined
        ? (value as Record<string, unknown>[] | undefined)?.find?.((one) => String(one[field]) === wanted)
        : (value as Record<string, unknown> | undefined)?.[key];
    if (value === undefined || value === null)
      throw new Error(`“${path}”: nothing was measured under ${step}`);
  }
  return value;
}

function asNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`“${path}”: is not a number`);
  return value;
}

function formatted(value: number, format: string): string {
  const signed = format.startsWith('+');
  const kind = signed ? format.slice(1) : format;
  const digits = Number(kind.slice(1));
  const size = Math.abs(kind[0] === '%' ? 100 * value : kind === 'Mi' ? value / 2 ** 20 : value);
  const text =
    kind === ',' ? Math.round(size).toLocaleString('en') : size.toFixed(kind === 'Mi' ? 1 : digits);
  const sign = value < 0 && Number(text.replaceAll(',', '')) !== 0 ? '−' : signed ? '+' : '';
  return sign + text;
}
