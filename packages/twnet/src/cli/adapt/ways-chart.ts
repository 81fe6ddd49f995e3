/** Ways to segment footage, by what they take and how far their labels are the network's own, as SVG. */
import type { Judged } from '@twnet/train/adapt/judge';
import { LABEL, SPLIT_LINE, svgChart } from '../../page/chart.js';

/** The network on every frame, at its own size and at smaller ones, is a line; the other ways are points beside it. */
export function waysChart(ways: readonly Judged[], recommended: Judged): string {
  const point = (way: Judged, index: number) => ({
    value: [1000 / way.framesPerSecond, 100 * way.agreement],
    ...(way === recommended ? { symbolSize: 14 } : {}),
    label: { formatter: String(index + 1) },
  });
  const points = ways.map(point);
  const series = (name: string, isOf: (way: Judged) => boolean, line: boolean) => ({
    ...{ type: line ? 'line' : 'scatter', name, symbolSize: 8 },
    data: points.filter((_, index) => isOf(ways[index])),
    label: { show: true, position: 'right', ...LABEL },
  });
  return svgChart(
    {
      legend: { top: 0, textStyle: LABEL, itemGap: 24 },
      grid: { left: 64, right: 40, top: 40, bottom: 48 },
      xAxis: {
        ...{ type: 'log', name: 'milliseconds a frame', nameLocation: 'middle', nameGap: 28 },
        ...{ axisLabel: LABEL, splitLine: { show: false } },
      },
      yAxis: { type: 'value', name: 'agreement, %', scale: true, axisLabel: LABEL, splitLine: SPLIT_LINE },
      series: [
        series('the network on every frame', ({ perFrame }) => perFrame === true, true),
        series('key frames, and motion between', ({ perFrame }) => perFrame !== true, false),
      ],
    },
    { height: 340, label: "agreement with the network's own labels over the time of a frame, a point a way" },
  );
}
