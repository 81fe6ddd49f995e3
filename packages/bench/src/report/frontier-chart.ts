/** Accuracy over time a frame as SVG: per-frame networks as lines over their scales, everything else as points with names. */
import { COLOURS, INK, LABEL, SPLIT_LINE, svgChart } from '../../../twnet/src/page/chart.js';
import { logarithmic } from './logarithmic.js';

/** As the figures of `twnet benchmark frontier` have them. */
export interface FrontierPoint {
  readonly name: string;
  readonly model: string;
  readonly kind: 'per-frame' | 'point' | 'warp-alone' | 'baseline';
  readonly scale: number;
  readonly meanIou: { readonly value: number };
  readonly milliseconds: { readonly median: number };
}

const HEIGHT = 440;
/** Of the legend, which has a line for each model. */
const LINE = 24;
/** Other ways than the model's own are drawn small. */
const SIZES = { 'per-frame': 6, point: 13, 'warp-alone': 8, baseline: 8 } as const;

export function frontierChart(points: readonly FrontierPoint[]): string {
  const models = [...new Set(points.map(({ model }) => model))];
  const times = points.map(({ milliseconds }) => milliseconds.median);
  const series = models.flatMap((model, index) => {
    const colour = COLOURS[(index + 1) % COLOURS.length];
    const own = points.filter((point) => point.model === model);
    const perFrame = own.filter(({ kind }) => kind === 'per-frame');
    const others = own.filter(({ kind }) => kind !== 'per-frame');
    return [
      {
        type: 'line' as const,
        name: `${model} per frame, at scales`,
        data: perFrame
          .toSorted((a, b) => a.scale - b.scale)
          .map((point) => datum(point, String(point.scale))),
        symbolSize: SIZES['per-frame'],
        lineStyle: { width: 1.5, type: 'dashed' as const },
        color: colour,
      },
      ...(others.length === 0
        ? []
        : [
            {
              type: 'scatter' as const,
              name: `${model} with motion`,
              data: others.map((point) => ({
                ...datum(point, point.name),
                symbolSize: SIZES[point.kind],
                symbol: point.kind === 'point' ? 'diamond' : 'circle',
                itemStyle: { opacity: point.kind === 'point' ? 1 : 0.55 },
              })),
              color: colour,
            },
          ]),
    ];
  });
  return svgChart(
    {
      legend: models.map((model, index) => ({
        data: series.map(({ name }) => name).filter((name) => name.startsWith(`${model} `)),
        top: LINE * index,
        textStyle: LABEL,
        itemGap: 48,
      })),
      grid: { left: 64, right: 32, top: 28 + LINE * models.length, bottom: 48 },
      xAxis: { ...logarithmic(times), name: 'milliseconds a frame, from the file to labels' },
      yAxis: { type: 'value', name: 'mIoU, %', scale: true, axisLabel: LABEL, splitLine: SPLIT_LINE },
      series,
    },
    {
      height: HEIGHT,
      label: 'mIoU over milliseconds a frame: per-frame networks at every scale, and the other ways',
    },
  );
}

function datum({ milliseconds, meanIou }: FrontierPoint, text: string) {
  return {
    value: [milliseconds.median, 100 * meanIou.value],
    label: { show: true, formatter: text, position: 'right' as const, fontSize: 10, color: INK },
  };
}
