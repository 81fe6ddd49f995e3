/// <reference types="node" preserve="true" />
/** Pages that show what was measured. */
export { type BarChartOptions, barChart } from './bar-chart.js';
export { type Curve, distanceChart } from './distance-chart.js';
export type {
  Block,
  Cell,
  ChartBlock,
  Column,
  PictureBlock,
  Report,
  Section,
  TableBlock,
  TextBlock,
} from './document.js';
export { type FittedPoints, type GrowthChartOptions, growthChart } from './growth-chart.js';
export { type Line, type LineChartOptions, lineChart } from './line-chart.js';
export { type PageData, type PageFrame, type PageRun, renderPage } from './page.js';
export { type Colour, gridUri, labelsPicture, labelsUri, pictureUri, planarPicture } from './pictures.js';
export { reportHtml } from './report-html.js';
export { type MarkdownReport, reportMarkdown } from './report-markdown.js';
export { pictureGrid } from './strip.js';
