import { categoriesOf } from '@twnet/core/classes';
import { BoundaryBand } from '@twnet/core/metrics/boundary-band';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { DistanceCurve, type DistancePoint, meanOverDistances } from '@twnet/core/metrics/distance';
import { categoryIou, classIou, meanCategoryIou, meanIou } from '@twnet/core/metrics/metrics';
import { type UniformDistance, uniformDistance } from '@twnet/core/metrics/uniform-distance';
import { VideoConsistency } from '@twnet/core/metrics/video-consistency';

/** How one way of segmenting does on a labelled clip. */
export interface ClipFigures {
  /** Of all frames in one confusion matrix, as are classes and categories. */
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
  readonly classes: readonly NamedIou[];
  readonly categories: readonly NamedIou[];
  /** NaN for classes without categories. */
  readonly meanCategoryIou: number;
}

export interface NamedIou {
  readonly name: string;
  /** NaN where neither truth nor prediction has it. */
  readonly iou: number;
}

/** One frame's labels beside the true ones. */
export interface ScoredFrame {
  /** Position in its stream, from 0. */
  readonly index: number;
  /** Frames since the stream's last I-frame. */
  readonly distance: number;
  /** Number of the clip's picture, which several streams may show. */
  readonly picture: number;
  readonly labels: Uint8Array;
  readonly truth: Uint8Array;
}

export interface ClipMeterOptions {
  readonly gop: number;
  /** Half width of the band along boundaries, pixels; without, it is not scored. */
  readonly boundary?: number;
}

/** Collects a clip's figures from its frames. */
export class ClipMeter {
  readonly #curve: DistanceCurve;
  readonly #consistency = new VideoConsistency();
  readonly #band: BoundaryBand | undefined;
  readonly #bandMatrix: ConfusionMatrix;

  constructor(
    { width, height }: { readonly width: number; readonly height: number },
    readonly classes: readonly string[],
    readonly options: ClipMeterOptions,
  ) {
    const { boundary } = options;
    this.#curve = new DistanceCurve(classes.length);
    this.#band = boundary === undefined ? undefined : new BoundaryBand(width, height, boundary);
    this.#bandMatrix = new ConfusionMatrix(classes.length);
  }

  /** Adds the next frame; one of index 0 begins a stream. */
  add({ index, distance, picture, labels, truth }: ScoredFrame): void {
    this.#curve.add(distance, labels, truth, picture);
    if (index === 0) this.#consistency.endVideo();
    this.#consistency.add(labels, truth);
    if (this.#band) this.#bandMatrix.add(labels, this.#band.of(truth));
  }

  figures(): ClipFigures {
    const curve = this.#curve.points();
    const matrix = this.#curve.overall();
    const [vc8, vc16] = this.#consistency.means();
    const categories = categoriesOf(this.classes);
    const groups = categoryIou(matrix, categories);
    return {
      meanIou: meanIou(matrix),
      meanOverDistances: meanOverDistances(curve),
      uniformDistance: uniformDistance(this.#curve.pictures(), { distances: this.options.gop }),
      boundaryMeanIou: this.#band && meanIou(this.#bandMatrix),
      videoConsistency: { vc8, vc16 },
      curve,
      classes: classIou(matrix).map((iou, index) => ({ name: this.classes[index], iou })),
      categories: categories.map(({ name }, index) => ({ name, iou: groups[index] })),
      meanCategoryIou: meanCategoryIou(matrix, categories),
    };
  }
}
