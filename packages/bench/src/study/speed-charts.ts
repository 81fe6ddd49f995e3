/** Charts of how time grows. */

import { growthChart } from '../report/growth-chart.js';
import { valueAt } from '../speed/growth.js';
import type { GrowthLine } from '../speed/speed-growth.js';

export interface SpeedChart {
  /** For a file. */
  readonly name: string;
  readonly svg: string;
  /** What it shows, in words. */
  readonly label: string;
}

const AXES = {
  pixels: { name: 'pixels of a frame', log: true },
  gop: { name: 'frames of a group of pictures' },
  threads: { name: 'threads' },
} as const;

const TIMES = { endToEnd: 'end to end', network: 'networks alone' } as const;

/** One for each backbone, kind of time and what differs, with the per-frame model and all layers. */
export function speedCharts(growth: readonly GrowthLine[]): SpeedChart[] {
  const charts = new Map<string, GrowthLine[]>();
  for (const line of growth) {
    const name = [line.over, TIMES[line.time], line.backbone, ...sharedWords(line)]
      .join('-')
      .replaceAll(' ', '-');
    charts.set(name, [...(charts.get(name) ?? []), line]);
  }
  return [...charts].map(([name, lines]) => {
    const { over, time, backbone } = lines[0];
    const where = [backbone, TIMES[time], ...sharedWords(lines[0])].join(', ');
    const label = `milliseconds a frame over ${AXES[over].name}: ${where}`;
    const svg = growthChart({
      x: AXES[over],
      y: { name: 'ms a frame', log: over === 'pixels' },
      lines: lines.map((line) => ({
        name: layerName(line.layer),
        points: line.points,
        fitted: (x) => valueAt(line.fit, x),
      })),
      label,
    });
    return { name, svg, label };
  });
}

/** What a line's points share, in words. */
export function sharedWords({ shared: { size, threads, gop } }: GrowthLine): string[] {
  return [
    ...(size ? [size] : []),
    ...(gop ? [`GOP of ${gop}`] : []),
    ...(threads ? [`threads ${threads}`] : []),
  ];
}

export function layerName(layer: GrowthLine['layer']): string {
  return layer === 'per-frame' ? 'per frame' : `Layer ${layer}`;
}
