import { BoundaryBand } from '@twnet/core/metrics/boundary-band';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { type DistanceCurve, type DistancePoint, meanOverDistances } from '@twnet/core/metrics/distance';
import { meanIou } from '@twnet/core/metrics/metrics';
import { type UniformDistance, uniformDistance } from '@twnet/core/metrics/uniform-distance';
import { VideoConsistency } from '@twnet/core/metrics/video-consistency';

/** How one way of segmenting does on a labelled clip. */
export interface ClipFigures {
  /** Of all frames in one confusion matrix. */
  readonly meanIou: number;
  /** AR-Seg's figure, {@link meanOverDistances}. */
  readonly meanOverDistances: number;
  /** The paper's, {@link uniformDistance}; without where no frame was scored at every distance. */
  readonly uniformDistance?: UniformDistance;
  /** mIoU in the band along class boundaries, where that was asked for. */
  readonly boundaryMeanIou?: number;
  /** NaN where the clip is too short. */
  readonly videoConsistency: { readonly vc8: number; readonly vc16: number };
  readonly curve: readonly DistancePoint[];
}

/** One frame's labels beside the true ones. */
export interface ScoredFrame {
  /** Position in its stream, from 0. */
  readonly index: number;
  readonly labels: Uint8Array;
  readonly truth: Uint8Array;
}

export interface ClipMeterOptions {
  readonly gop: number;
  /** Half width of the band along boundaries, pixels; without, it is not scored. */
  readonly boundary?: number;
}

/** Collects from a clip's frames what its curve over the distance does not hold. */
export class ClipMeter {
  readonly #gop: number;
  readonly #consistency = new VideoConsistency();
  readonly #band: BoundaryBand | undefined;
  readonly #bandMatrix: ConfusionMatrix;

  constructor(
    { width, height }: { readonly width: number; readonly height: number },
    classes: number,
    { gop, boundary }: ClipMeterOptions,
  ) {
    this.#gop = gop;
    this.#band = boundary === undefined ? undefined : new BoundaryBand(width, height, boundary);
    this.#bandMatrix = new ConfusionMatrix(classes);
  }

  /** Adds the next frame; one of index 0 begins a stream. */
  add({ index, labels, truth }: ScoredFrame): void {
    if (index === 0) this.#consistency.endVideo();
    this.#consistency.add(labels, truth);
    if (this.#band) this.#bandMatrix.add(labels, this.#band.of(truth));
  }

  /** The figures, with the curve of the same frames. */
  figures(curve: DistanceCurve): ClipFigures {
    const points = curve.points();
    const [vc8, vc16] = this.#consistency.means();
    return {
      meanIou: meanIou(curve.overall()),
      meanOverDistances: meanOverDistances(points),
      uniformDistance: uniformDistance(curve.pictures(), { distances: this.#gop }),
      boundaryMeanIou: this.#band && meanIou(this.#bandMatrix),
      videoConsistency: { vc8, vc16 },
      curve: points,
    };
  }
}
