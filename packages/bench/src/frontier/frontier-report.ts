/** The figures of `twnet benchmark frontier`, from scores and times. */
import { meanIou } from '@twnet/core/metrics/metrics';
import type { StreamMethod } from '../methods/stream-method.js';
import { type Spread, spreadOf } from '../speed/spread.js';
import { type ClipScores, summed } from './clip-scores.js';
import { type Estimate, estimate } from './estimate.js';
import { type AsFast, asFastAs } from './per-frame-curve.js';

/** A method's scores and its milliseconds a frame, round by round. */
export interface Measured extends Omit<StreamMethod, 'open'> {
  readonly scores: ClipScores;
  readonly milliseconds: readonly number[];
}

export interface MethodFigures extends Pick<Measured, 'name' | 'model' | 'kind' | 'scale'> {
  /** Of all frames in one confusion matrix. */
  readonly meanIou: Estimate;
  /** Share of what the model's per-frame network has at its working size. */
  readonly kept: Estimate;
  /** mIoU in the band along class boundaries. */
  readonly boundaryMeanIou?: Estimate;
  /** A frame from the file to labels. */
  readonly milliseconds: Spread;
  readonly framesPerSecond: number;
  /** Share of the per-frame network's time at its working size, in each round. */
  readonly timeShare: Spread;
  /** The model's per-frame network in the same time, and by how much this method's mIoU exceeds it; not of per-frame methods. */
  readonly asFast?: Omit<AsFast, 'weights'> & { readonly gap: Estimate };
  /** By distance from the key frame. */
  readonly curve: readonly DistanceFigures[];
}

export interface DistanceFigures {
  readonly distance: number;
  readonly frames: number;
  readonly meanIou: Estimate;
  /** By how much it exceeds the same features warped alone: what correction and training are worth; of points only. */
  readonly aboveWarp?: Estimate;
}

/** @param measured with the per-frame network at scale 1 of every model among them */
export function frontierFigures(measured: readonly Measured[]): MethodFigures[] {
  return measured.map((one) => figuresOf(one, measured));
}

function figuresOf(one: Measured, measured: readonly Measured[]): MethodFigures {
  const { name, model, kind, scale, scores, milliseconds } = one;
  const ofModel = measured.filter((other) => other.model === model);
  const curve = ofModel.filter((other) => other.kind === 'per-frame');
  const whole = curve.find((other) => other.scale === 1);
  if (!whole) throw new RangeError(`${model}: its per-frame network at scale 1 was not measured`);
  const time = spreadOf(milliseconds);
  return {
    ...{ name, model, kind, scale },
    meanIou: estimate([scores.all], ([sum]) => meanIou(sum)),
    kept: estimate([scores.all, whole.scores.all], ([sum, base]) => meanIou(sum) / meanIou(base)),
    ...(scores.band ? { boundaryMeanIou: estimate([scores.band], ([sum]) => meanIou(sum)) } : {}),
    milliseconds: time,
    framesPerSecond: 1000 / time.median,
    timeShare: spreadOf(milliseconds.map((value, round) => value / whole.milliseconds[round])),
    ...(kind === 'per-frame' ? {} : { asFast: besidePerFrame(scores, time.median, curve) }),
    curve: curveOf(
      one,
      ofModel.find((other) => other.name === one.uncorrected),
    ),
  };
}

function besidePerFrame(
  scores: ClipScores,
  milliseconds: number,
  perFrame: readonly Measured[],
): MethodFigures['asFast'] {
  const { weights, ...asFast } = asFastAs(
    perFrame.map((one) => ({
      scale: one.scale,
      milliseconds: spreadOf(one.milliseconds).median,
      meanIou: meanIou(summed(one.scores.all)),
    })),
    milliseconds,
  );
  const others = weights.map(({ index }) => perFrame[index].scores.all);
  const gap = estimate([scores.all, ...others], ([sum, ...sums]) =>
    sums.reduce((left, other, i) => left - weights[i].weight * meanIou(other), meanIou(sum)),
  );
  return { ...asFast, gap };
}

function curveOf({ scores }: Measured, warp: Measured | undefined): DistanceFigures[] {
  const ofWarp = new Map(warp?.scores.distances.map(({ distance, stretches }) => [distance, stretches]));
  return scores.distances.map(({ distance, frames, stretches }) => {
    const alone = ofWarp.get(distance);
    return {
      distance,
      frames,
      meanIou: estimate([stretches], ([sum]) => meanIou(sum)),
      ...(alone && distance > 0
        ? { aboveWarp: estimate([alone, stretches], ([a, b]) => meanIou(b) - meanIou(a)) }
        : {}),
    };
  });
}
