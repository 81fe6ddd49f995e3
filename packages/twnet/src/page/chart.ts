/** Charts as SVG text, drawn without a browser. */
import type { EChartsCoreOption } from 'echarts/core';
import echarts from 'echarts/dist/echarts.common.min.js';

export const CHART_WIDTH = 720;
/** Readable on light and dark alike. */
export const INK = '#7d8590';
export const COLOURS = [
  '#7d8590',
  '#2f81f7',
  '#db6d28',
  '#3fb950',
  '#8250df',
  '#d1242f',
  '#bf8700',
  '#1b7c83',
];

/** Text and lines of all charts; options given win. */
export const LABEL = { color: INK } as const;
export const SPLIT_LINE = { lineStyle: { color: INK, opacity: 0.25 } } as const;

/**
 * Draws a chart as an SVG that is as wide as the page has room for.
 *
 * @param label what it shows, for those who do not see it
 */
export function svgChart(
  options: EChartsCoreOption,
  { height, label }: { height: number; label: string },
): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: CHART_WIDTH, height });
  chart.setOption({ animation: false, color: COLOURS, textStyle: LABEL, ...options });
  // An attribute twice is no XML: a file of its own would not open.
  const svg = chart.renderToSVGString().replace(/ viewBox="[^"]*"/, '');
  chart.dispose();
  return svg.replace(
    /width="\d+" height="\d+"/,
    `viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-label="${label.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`,
  );
}
