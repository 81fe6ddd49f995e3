/** Accuracy over bit rate as SVG, a line a codec and method. */
import { INK, LABEL, SPLIT_LINE, svgChart } from '../../../twnet/src/page/chart.js';
import { logarithmic } from './logarithmic.js';

/** As the figures of `twnet benchmark quality` have them. */
export interface QualityStream {
  readonly coding: { readonly codec: string; readonly quality: number };
  readonly kilobitsPerSecond: number;
  readonly methods: readonly {
    readonly name: string;
    readonly model: string;
    readonly meanIou: { readonly value: number };
  }[];
}

const HEIGHT = 400;
const DASHES = ['solid', 'dashed', 'dotted'] as const;

export function qualityChart(streams: readonly QualityStream[]): string {
  const codecs = [...new Set(streams.map(({ coding }) => coding.codec))];
  const several = new Set(streams[0].methods.map(({ model }) => model)).size > 1;
  const series = codecs.flatMap((codec, dash) => {
    const own = streams
      .filter(({ coding }) => coding.codec === codec)
      .toSorted((a, b) => a.kilobitsPerSecond - b.kilobitsPerSecond);
    return own[0].methods.map(({ name, model }, method) => ({
      type: 'line' as const,
      name: [codec, several ? model : '', name].filter((part) => part !== '').join(' '),
      colorBy: 'series' as const,
      data: own.map(({ coding, kilobitsPerSecond, methods }) => ({
        value: [kilobitsPerSecond, 100 * methods[method].meanIou.value],
        label: {
          ...{ show: method === 0, formatter: String(coding.quality) },
          ...{ position: 'bottom' as const, fontSize: 10, color: INK },
        },
      })),
      symbolSize: 6,
      lineStyle: { width: 2, type: DASHES[dash] },
    }));
  });
  const rates = streams.map(({ kilobitsPerSecond }) => kilobitsPerSecond);
  return svgChart(
    {
      legend: { data: series.map(({ name }) => name), top: 0, textStyle: LABEL, itemGap: 24 },
      grid: { left: 64, right: 32, top: 28 + 24 * Math.ceil(series.length / 3), bottom: 48 },
      xAxis: { ...logarithmic(rates), name: 'kilobits a second' },
      yAxis: { type: 'value', name: 'mIoU, %', scale: true, axisLabel: LABEL, splitLine: SPLIT_LINE },
      series,
    },
    { height: HEIGHT, label: 'mIoU over bit rate, a line a codec and way of segmenting' },
  );
}
