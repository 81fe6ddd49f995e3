/** Figures of speed from the rounds' runs. */
import type { WarpLayer } from '@twnet/core/network/key-frame';
import type { FrameTimings } from '@twnet/core/segment/segmented-frame';
import type { RunStats } from '@twnet/core/segment/stats';
import type { Configuration, SpeedPlan } from './speed-plan.js';
import type { Visit } from './speed-visit.js';
import { type Spread, spreadOf } from './spread.js';

/** A configuration beside the per-frame network, over whole groups of pictures. Times are milliseconds. */
export interface SpeedMeasurement extends Omit<Configuration, 'layer'> {
  readonly layer: WarpLayer;
  /** null: ONNX Runtime's choice. */
  readonly threads: number | null;
  /** Frames of a group of pictures, the first a key frame. */
  readonly gop: number;
  /** One frame of the networks alone; `perFrame` gives scores, `key` the context as well, `nonKey` includes the warp. */
  readonly network: { readonly perFrame: Spread; readonly key: Spread; readonly nonKey: Spread };
  /** A frame from the file to full-size labels, over a whole run; key frames that the per-frame network's time. */
  readonly endToEnd: {
    readonly perFrame: Spread;
    /** Key and non-key frames together. */
    readonly propagated: Spread;
    /**
     * What a run takes beyond its key frames, these taken at what a frame takes the per-frame network in the same round:
     * stages of neighbouring frames overlap. null in groups of one.
     */
    readonly nonKey: Spread | null;
  };
  /** The per-frame network's time ÷ this one's over whole groups, of each round. */
  readonly speedUp: { readonly network: Spread; readonly endToEnd: Spread };
  /** The per-frame network's time ÷ a non-key frame's, of each round. */
  readonly nonKeySpeedUp: { readonly network: Spread; readonly endToEnd: Spread | null };
  /** Work of each stage on a frame, medians; stages overlap. */
  readonly stages: {
    readonly perFrame: FrameTimings;
    readonly key: FrameTimings;
    readonly nonKey: FrameTimings | null;
  };
}

/** A measurement for every configuration but the per-frame networks, in their order. */
export function speedMeasurements(
  groups: readonly (readonly Configuration[])[],
  { gop, threads }: Pick<SpeedPlan, 'gop' | 'threads'>,
  rounds: readonly (readonly Visit[])[],
): SpeedMeasurement[] {
  return groups.flatMap(([base, ...others]) => {
    const of = (configuration: Configuration): Visit[] =>
      rounds.map((visits) => visits.find((visit) => visit.configuration === configuration)!);
    return others.map((configuration) => ({
      ...configuration,
      layer: configuration.layer as WarpLayer,
      threads: threads ?? null,
      gop,
      ...figures(gop, of(base), of(configuration)),
    }));
  });
}

type Figures = Pick<SpeedMeasurement, 'network' | 'endToEnd' | 'speedUp' | 'nonKeySpeedUp' | 'stages'>;

function figures(gop: number, perFrame: readonly Visit[], propagated: readonly Visit[]): Figures {
  const baseRuns = perFrame.map(({ run }) => run);
  const runs = propagated.map(({ run }) => run);
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

/** Of each stage its median over the rounds. */
export function medianStages(rounds: readonly FrameTimings[]): FrameTimings {
  const median = (stage: keyof FrameTimings): number => spreadOf(rounds.map((times) => times[stage])).median;
  return {
    decode: median('decode'),
    motion: median('motion'),
    network: median('network'),
    labels: median('labels'),
  };
}
