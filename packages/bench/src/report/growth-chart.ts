/** Measured points and the curves fitted to them, as SVG. */
import { type Axis, type Line, lineChart } from '../../../twnet/src/page/line-chart.js';

export interface FittedPoints {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly fitted: (x: number) => number;
}

export interface GrowthChartOptions {
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly FittedPoints[];
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
}

/** Points that a fitted curve is drawn through. */
const SAMPLES = 49;

/** Measured points joined by lines, and beside each in its colour the fitted curve, dashed, from the first to the last x. */
export function growthChart({ x, y, lines, label }: GrowthChartOptions): string {
  return lineChart({
    ...{ x, y, label },
    lines: lines.flatMap(({ name, points, fitted }): Line[] => [
      { name, points },
      { name, points: curve(points, fitted, x.log ?? false), fitted: true },
    ]),
  });
}

function curve(
  points: FittedPoints['points'],
  fitted: FittedPoints['fitted'],
  log: boolean,
): [number, number][] {
  const ends = points.map(([value]) => value);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return Array.from({ length: SAMPLES }, (_, i) => {
    const share = i / (SAMPLES - 1);
    const at = log ? low * (high / low) ** share : low + share * (high - low);
    return [at, fitted(at)];
  });
}
