/** Curves of mIoU over the distance from the key frame, as SVG. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, SVGRenderer]);

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly distance: number; readonly meanIou: number }[];
}

const WIDTH = 720;
const HEIGHT = 320;
/** Readable on light and dark alike. */
const INK = '#7d8590';
const COLOURS = ['#7d8590', '#2f81f7', '#db6d28', '#3fb950'];

export function distanceChart(curves: readonly Curve[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const label = { color: INK };
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: label,
    legend: { data: curves.map(({ name }) => name), top: 0, textStyle: label },
    grid: { left: 56, right: 16, top: 40, bottom: 48 },
    xAxis: {
      type: 'value',
      name: 'frames since the key frame',
      nameLocation: 'middle',
      nameGap: 28,
      minInterval: 1,
      max: 'dataMax',
      axisLabel: label,
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: 'mIoU, %',
      scale: true,
      axisLabel: label,
      splitLine: { lineStyle: { color: INK, opacity: 0.25 } },
    },
    series: curves.map(({ name, points }) => ({
      type: 'line' as const,
      name,
      data: points.map(({ distance, meanIou }) => [distance, 100 * meanIou]),
      symbolSize: 6,
      lineStyle: { width: 2 },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // As large as the page has room for.
  return svg.replace(
    /width="\d+" height="\d+"/,
    `viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="mIoU over frames since the key frame, one line a way of segmenting"`,
  );
}
