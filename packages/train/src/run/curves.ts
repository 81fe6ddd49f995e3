/** A training run's log as a picture: loss, learning rate and validation over the steps. */
import echarts from 'echarts/dist/echarts.common.min.js';
import type { LogEntry } from './run-folder.js';

type Point = readonly [step: number, value: number];

/** Points that a curve is drawn from at most; each is the mean of the steps it stands for. */
const POINTS = 600;
const WIDTH = 900;
const PANEL_HEIGHT = 240;
/** What is written of a step beside its losses. */
const NOT_LOSSES = new Set(['step', 'learningRate', 'milliseconds']);

interface Panel {
  readonly title: string;
  readonly curves: ReadonlyMap<string, readonly Point[]>;
  readonly dots?: boolean;
}

/** The curves as SVG. Steps have a `loss`; entries without one are validations. */
export function drawCurves(log: readonly LogEntry[]): string {
  const steps = log.filter(({ loss }) => loss !== undefined);
  const validations = log.filter(({ loss }) => loss === undefined);
  const rate = steps.map(({ step, learningRate = 0 }) => [step, learningRate] as const);
  const panels: Panel[] = [
    { title: 'loss', curves: curvesOf(steps) },
    { title: 'learning rate', curves: new Map([['learning rate', thinned(rate)]]) },
    { title: 'validation', curves: curvesOf(validations), dots: true },
  ].filter(({ curves }) => curves.size > 0);
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: panels.length * PANEL_HEIGHT,
  });
  chart.setOption(options(panels));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function options(panels: readonly Panel[]): Parameters<ReturnType<typeof echarts.init>['setOption']>[0] {
  const top = (panel: number): number => panel * PANEL_HEIGHT;
  return {
    animation: false,
    backgroundColor: '#fff',
    title: panels.map(({ title }, i) => ({
      text: title,
      left: 12,
      top: top(i) + 8,
      textStyle: { fontSize: 14 },
    })),
    legend: panels.map(({ curves }, i) => ({ data: [...curves.keys()], top: top(i) + 8, right: 24 })),
    grid: panels.map((_, i) => ({ left: 72, right: 24, top: top(i) + 40, height: PANEL_HEIGHT - 80 })),
    xAxis: panels.map((_, i) => ({ type: 'value', gridIndex: i, min: 0, max: 'dataMax' })),
    yAxis: panels.map((_, i) => ({ type: 'value', gridIndex: i, scale: true })),
    series: panels.flatMap(({ curves, dots = false }, i) =>
      [...curves].map(([name, data]) => ({
        type: 'line' as const,
        name,
        xAxisIndex: i,
        yAxisIndex: i,
        data: data.map(([step, value]) => [step, value]),
        showSymbol: dots,
        lineStyle: { width: 1.5 },
      })),
    ),
  };
}

/** One curve for each number of the entries that has a name of its own. */
function curvesOf(entries: readonly LogEntry[]): Map<string, Point[]> {
  const names = new Set(entries.flatMap((entry) => Object.keys(entry).filter((key) => !NOT_LOSSES.has(key))));
  return new Map(
    [...names].map((name) => [
      name,
      thinned(
        entries.flatMap((entry) => {
          const value = entry[name];
          return typeof value === 'number' ? [[entry.step, value] as const] : [];
        }),
      ),
    ]),
  );
}

/** At most POINTS points, each the mean of neighbours. */
function thinned(points: readonly Point[]): Point[] {
  const size = Math.ceil(points.length / POINTS);
  if (size <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const part = points.slice(i * size, (i + 1) * size);
    const mean = (axis: 0 | 1): number => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
    return [Math.round(mean(0)), mean(1)] as const;
  });
}
