/** How a time grows: least-squares fits, each with its coefficient of determination R² on the times themselves. */

export type Point = readonly [x: number, milliseconds: number];

export interface PowerLaw {
  readonly kind: 'power';
  /** milliseconds = factor · x^exponent. */
  readonly factor: number;
  readonly exponent: number;
  readonly r2: number;
}

export interface GroupCost {
  readonly kind: 'group';
  /** Milliseconds of a key frame and of a non-key frame: a frame of a group of g takes (key + (g − 1) nonKey) / g. */
  readonly key: number;
  readonly nonKey: number;
  readonly r2: number;
}

export interface Amdahl {
  readonly kind: 'amdahl';
  /** Milliseconds with one thread: n threads take single · (serialShare + (1 − serialShare) / n). */
  readonly single: number;
  /** 0..1; the rest is what further threads divide. */
  readonly serialShare: number;
  readonly r2: number;
}

export type Fit = PowerLaw | GroupCost | Amdahl;

/** A straight line through the logarithms of both; undefined with fewer than two different x. */
export function fitPowerLaw(points: readonly Point[]): PowerLaw | undefined {
  const line = straightLine(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
  if (!line) return undefined;
  const fit = { kind: 'power', factor: Math.exp(line.intercept), exponent: line.slope } as const;
  return { ...fit, r2: determination(points, (x) => valueAt(fit, x)) };
}

/** Over the frames g of a group of pictures: a straight line over 1 / g. */
export function fitGroupCost(points: readonly Point[]): GroupCost | undefined {
  const line = straightLine(points.map(([frames, y]) => [1 / frames, y]));
  if (!line) return undefined;
  const fit = { kind: 'group', key: line.intercept + line.slope, nonKey: line.intercept } as const;
  return { ...fit, r2: determination(points, (x) => valueAt(fit, x)) };
}

/** Over the number of threads (Amdahl 1967): a straight line over 1 / n whose two parts are not negative. */
export function fitAmdahl(points: readonly Point[]): Amdahl | undefined {
  const inverse = points.map(([threads, y]) => [1 / threads, y] as const);
  const line = straightLine(inverse);
  if (!line) return undefined;
  let { intercept: serial, slope: parallel } = line;
  if (serial < 0) {
    serial = 0;
    parallel = sum(inverse.map(([x, y]) => x * y)) / sum(inverse.map(([x]) => x * x));
  } else if (parallel < 0) {
    serial = mean(points.map(([, y]) => y));
    parallel = 0;
  }
  const single = serial + parallel;
  const fit = { kind: 'amdahl', single, serialShare: serial / single } as const;
  return { ...fit, r2: determination(points, (x) => valueAt(fit, x)) };
}

/** What a fit says at x, milliseconds. */
export function valueAt(
  fit: Omit<PowerLaw, 'r2'> | Omit<GroupCost, 'r2'> | Omit<Amdahl, 'r2'>,
  x: number,
): number {
  switch (fit.kind) {
    case 'power':
      return fit.factor * x ** fit.exponent;
    case 'group':
      return (fit.key + (x - 1) * fit.nonKey) / x;
    case 'amdahl':
      return fit.single * (fit.serialShare + (1 - fit.serialShare) / x);
  }
}

function straightLine(points: readonly Point[]): { slope: number; intercept: number } | undefined {
  if (new Set(points.map(([x]) => x)).size < 2) return undefined;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = sum(points.map(([x, y]) => (x - mx) * (y - my))) / sum(points.map(([x]) => (x - mx) ** 2));
  return { slope, intercept: my - slope * mx };
}

/** 1 − the residuals' sum of squares over the deviations'; 1 where all values are the same and met. */
function determination(points: readonly Point[], predicted: (x: number) => number): number {
  const my = mean(points.map(([, y]) => y));
  const residual = sum(points.map(([x, y]) => (y - predicted(x)) ** 2));
  const deviation = sum(points.map(([, y]) => (y - my) ** 2));
  if (deviation > 0) return 1 - residual / deviation;
  return residual <= 1e-18 * my * my ? 1 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
