/** Figures of speed from the rounds' runs. */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import type { FrameTimings } from '@twnet/core/segment/segmented-frame';
import type { RunStats, StageTimes } from '@twnet/core/segment/stats';
import type { Configuration, FrameSize } from './speed-plan.js';
import type { Visit } from './speed-visit.js';
import { type Spread, spreadOf } from './spread.js';

/** A configuration beside the per-frame model, over whole groups of pictures. Times are milliseconds. */
export interface SpeedMeasurement extends FrameSize {
  readonly backbone: BackboneName;
  readonly layer: WarpLayer;
  /** null: ONNX Runtime's choice. */
  readonly threads: number | null;
  /** Frames of a group of pictures, the first a key frame. */
  readonly gop: number;
  /** One frame of the networks alone; `perFrame` gives scores, `key` the context as well, `nonKey` includes the warp. */
  readonly network: { readonly perFrame: Spread; readonly key: Spread; readonly nonKey: Spread };
  /** A frame from the file to full-size labels, over a whole run; key frames that the per-frame model's time. */
  readonly endToEnd: {
    readonly perFrame: Spread;
    /** Key and non-key frames together. */
    readonly propagated: Spread;
    /**
     * What a run takes beyond its key frames, these taken at what a frame takes the per-frame model in the same round:
     * stages of neighbouring frames overlap. null in groups of one.
     */
    readonly nonKey: Spread | null;
  };
  /** Per-frame model's time ÷ this one's over whole groups, of each round. */
  readonly speedUp: { readonly network: Spread; readonly endToEnd: Spread };
  /** Per-frame model's time ÷ a non-key frame's, of each round. */
  readonly nonKeySpeedUp: { readonly network: Spread; readonly endToEnd: Spread | null };
  /** Work of each stage on a frame, medians; stages overlap. */
  readonly stages: {
    readonly perFrame: FrameTimings;
    readonly key: FrameTimings;
    readonly nonKey: FrameTimings | null;
  };
}

/** A measurement for every configuration but the per-frame models and every length of a group, in their order. */
export function speedMeasurements(
  groups: readonly (readonly Configuration[])[],
  gops: readonly number[],
  rounds: readonly (readonly Visit[])[],
): SpeedMeasurement[] {
  return groups.flatMap((group) => {
    const of = (configuration: Configuration): Visit[] =>
      rounds.map((visits) => visits.find((visit) => visit.configuration === configuration)!);
    const perFrame = of(group.find(({ layer }) => layer === 'per-frame')!);
    return group
      .filter(({ layer }) => layer !== 'per-frame')
      .flatMap((configuration) =>
        gops.map((gop) => measurement(configuration, gop, perFrame, of(configuration))),
      );
  });
}

function measurement(
  { backbone, layer, width, height, threads }: Configuration,
  gop: number,
  perFrame: readonly Visit[],
  propagated: readonly Visit[],
): SpeedMeasurement {
  const baseRuns = perFrame.map(({ runs }) => runs.get(gop)!);
  const runs = propagated.map(({ runs }) => runs.get(gop)!);
  const alone = {
    perFrame: perFrame.map(({ network }) => network.key),
    key: propagated.map(({ network }) => network.key),
    nonKey: propagated.map(({ network }) => network.nonKey!),
  };
  const aloneFrame = alone.key.map((key, round) => (key + (gop - 1) * alone.nonKey[round]) / gop);
  const base = baseRuns.map(millisecondsAFrame);
  const frame = runs.map(millisecondsAFrame);
  const nonKey =
    gop > 1
      ? runs.map(({ seconds, frames }, round) => (1000 * seconds - frames.key * base[round]) / frames.nonKey)
      : null;
  return {
    backbone,
    layer: layer as WarpLayer,
    width,
    height,
    threads: threads ?? null,
    gop,
    network: {
      perFrame: spreadOf(alone.perFrame),
      key: spreadOf(alone.key),
      nonKey: spreadOf(alone.nonKey),
    },
    endToEnd: {
      perFrame: spreadOf(base),
      propagated: spreadOf(frame),
      nonKey: nonKey && spreadOf(nonKey),
    },
    speedUp: { network: quotients(alone.perFrame, aloneFrame), endToEnd: quotients(base, frame) },
    nonKeySpeedUp: {
      network: quotients(alone.perFrame, alone.nonKey),
      endToEnd: nonKey && quotients(base, nonKey),
    },
    stages: {
      perFrame: medianStages(baseRuns.map((run) => run.millisecondsPerKeyFrame!)),
      key: medianStages(runs.map((run) => run.millisecondsPerKeyFrame!)),
      nonKey: gop > 1 ? medianStages(runs.map((run) => run.millisecondsPerNonKeyFrame!)) : null,
    },
  };
}

function millisecondsAFrame({ seconds, frames }: RunStats): number {
  return (1000 * seconds) / frames.total;
}

/** Round by round. */
function quotients(over: readonly number[], under: readonly number[]): Spread {
  return spreadOf(over.map((value, round) => value / under[round]));
}

function medianStages(rounds: readonly StageTimes[]): FrameTimings {
  const median = (stage: keyof FrameTimings): number => spreadOf(rounds.map((times) => times[stage])).median;
  return {
    decode: median('decode'),
    motion: median('motion'),
    network: median('network'),
    labels: median('labels'),
  };
}
