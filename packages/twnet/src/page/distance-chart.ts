/** Curves of mIoU over the distance from the key frame, as SVG. */
import { lineChart } from './line-chart.js';

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly distance: number; readonly meanIou: number }[];
}

export function distanceChart(curves: readonly Curve[]): string {
  return lineChart({
    x: { name: 'frames since the key frame' },
    y: { name: 'mIoU, %' },
    lines: curves.map(({ name, points }) => ({
      name,
      points: points.map(({ distance, meanIou }) => [distance, 100 * meanIou] as const),
    })),
    label: 'mIoU over frames since the key frame, one line a way of segmenting',
  });
}
