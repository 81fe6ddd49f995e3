/** How a frame's time grows with its pixels, with the length of a group of pictures and with threads. */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { type Fit, fitAmdahl, fitGroupCost, fitPowerLaw, type Point } from './growth.js';
import type { SpeedMeasurement } from './speed-measurement.js';

/** Points that differ in one thing, and what fits them. */
export interface GrowthLine {
  /** What the points' first number counts: pixels of a frame, frames of a group of pictures, threads. */
  readonly over: 'pixels' | 'gop' | 'threads';
  /**
   * What their second number is, milliseconds: a frame end to end, over whole groups; or the network alone on a
   * non-key frame (of the per-frame model: on any).
   */
  readonly time: 'endToEnd' | 'network';
  readonly backbone: BackboneName;
  readonly layer: WarpLayer | 'per-frame';
  /** What all points share; `size` not over pixels, and so on. `gop` only of times end to end. */
  readonly shared: {
    readonly size?: string;
    readonly threads?: number | null;
    readonly gop?: number;
  };
  readonly points: readonly Point[];
  readonly fit: Fit;
}

type Sample = Pick<GrowthLine, 'over' | 'time' | 'backbone' | 'layer' | 'shared'> & { readonly point: Point };

const FITS = { pixels: fitPowerLaw, gop: fitGroupCost, threads: fitAmdahl } as const;

/**
 * Every line of at least two points: over pixels and threads with the longest groups of pictures; threads that ONNX
 * Runtime chose count nowhere.
 */
export function speedGrowth(measurements: readonly SpeedMeasurement[]): GrowthLine[] {
  const lines = new Map<string, Sample[]>();
  const longest = Math.max(...measurements.map(({ gop }) => gop));
  for (const sample of measurements.flatMap(samplesOf)) {
    if (sample.shared.gop !== undefined && sample.shared.gop < longest) continue;
    const { over, time, backbone, layer, shared } = sample;
    const line = JSON.stringify([over, time, backbone, layer, shared.size, shared.threads, shared.gop]);
    lines.set(line, [...(lines.get(line) ?? []), sample]);
  }
  return [...lines.values()].flatMap((samples) => {
    const { point: _, ...line } = samples[0];
    // The per-frame model's times come with every layer's, and the networks' with every group's length.
    const points = [...new Map(samples.map(({ point }) => point)).entries()].sort(([a], [b]) => a - b);
    const fit = FITS[line.over](points);
    return fit ? [{ ...line, points, fit }] : [];
  });
}

function samplesOf(measurement: SpeedMeasurement): Sample[] {
  const { backbone, layer, width, height, threads, gop, endToEnd, network } = measurement;
  const size = `${width}x${height}`;
  const both = [
    { layer: 'per-frame', endToEnd: endToEnd.perFrame.median, network: network.perFrame.median },
    { layer, endToEnd: endToEnd.propagated.median, network: network.nonKey.median },
  ] as const;
  return both.flatMap((times): Sample[] => {
    const sample = (
      over: GrowthLine['over'],
      time: GrowthLine['time'],
      x: number,
      shared: GrowthLine['shared'],
    ): Sample => ({ over, time, backbone, layer: times.layer, shared, point: [x, times[time]] });
    return [
      sample('pixels', 'endToEnd', width * height, { threads, gop }),
      sample('pixels', 'network', width * height, { threads }),
      ...(times.layer === 'per-frame' ? [] : [sample('gop', 'endToEnd', gop, { size, threads })]),
      ...(threads === null
        ? []
        : [
            sample('threads', 'endToEnd', threads, { size, gop }),
            sample('threads', 'network', threads, { size }),
          ]),
    ];
  });
}
