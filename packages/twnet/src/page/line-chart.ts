/** Lines through points, as SVG. */
import { LABEL, SPLIT_LINE, svgChart } from './chart.js';

export interface LineChartOptions {
  readonly x: { readonly name: string };
  readonly y: { readonly name: string };
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  readonly height?: number;
}

export function lineChart({ x, y, lines, label, height = 320 }: LineChartOptions): string {
  const whole = lines.every(({ points }) => points.every(([value]) => Number.isInteger(value)));
  return svgChart(
    {
      legend: { data: lines.map(({ name }) => name), top: 0, textStyle: LABEL, itemGap: 24 },
      grid: { left: 64, right: 24, top: lines.length > 4 ? 72 : 40, bottom: 48 },
      xAxis: {
        type: 'value',
        name: x.name,
        nameLocation: 'middle',
        nameGap: 28,
        ...(whole ? { minInterval: 1, max: 'dataMax' } : { scale: true }),
        axisLabel: LABEL,
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        name: y.name,
        scale: true,
        axisLabel: LABEL,
        splitLine: SPLIT_LINE,
      },
      series: lines.map(({ name, points }) => ({
        type: 'line' as const,
        name,
        data: points.map((point) => [...point]),
        symbolSize: 6,
        lineStyle: { width: 2 },
      })),
    },
    { height, label },
  );
}
