/** Groups of bars, as SVG. */
import { LABEL, SPLIT_LINE, svgChart } from '../../../twnet/src/page/chart.js';

export interface BarChartOptions {
  /** Names of the groups, along the axis. */
  readonly groups: readonly string[];
  /** One bar a group; undefined where there is no figure. */
  readonly bars: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[];
  /** What the bars' heights are. */
  readonly measure: string;
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
}

export function barChart({ groups, bars, measure, label }: BarChartOptions): string {
  return svgChart(
    {
      legend: { data: bars.map(({ name }) => name), top: 0, textStyle: LABEL },
      grid: { left: 56, right: 16, top: 40, bottom: 64 },
      xAxis: { type: 'category', data: [...groups], axisLabel: { ...LABEL, rotate: 35, interval: 0 } },
      yAxis: { type: 'value', name: measure, axisLabel: LABEL, splitLine: SPLIT_LINE },
      series: bars.map(({ name, values }) => ({
        type: 'bar' as const,
        name,
        data: values.map((value) => value ?? null),
      })),
    },
    { height: 360, label },
  );
}
