/**
 * How often an operating point's labels are the per-frame network's, on held-out clips, beside what it has to beat:
 * warping alone, and the key-frame network on the frame at half its size.
 */

import { enlarge } from '@twnet/core/graph/operators/resampling';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import type { Weights } from '@twnet/core/network/safetensors';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { GraphSession } from '@twnet/node/engine/session';
import type { PointConfig } from '../../config/point-config.js';
import type { PointClip } from '../../data/points/point-clip.js';
import { clipMotion, type FrameMotion, followingKey, type KeyFeatures, propagate } from './clip-motion.js';
import { PointTeacher } from './point-teacher.js';
import { pictureSize, pointDescription, propagatedGrid } from './point-training.js';

/** From this distance on a frame counts as far from its key frame. */
const FAR = 8;
/** Cells of the half-size network's scores are this many pixels of a non-key frame. */
const HALF_SIZE_STRIDE = 8;

/** A clip with what does not change from one validation to the next. */
interface Judged {
  readonly clip: PointClip;
  readonly keys: KeyFeatures;
  readonly motion: ReadonlyMap<number, FrameMotion>;
  /** Labels of the per-frame network by frame, at the size of non-key frames. */
  readonly truth: ReadonlyMap<number, Uint8Array>;
}

/** Shares of labels that agree, and the mean IoU with the per-frame network's labels for truth, by name. */
export type PointScores = Readonly<Record<string, number>>;

export class PointValidation {
  private baselines: PointScores | undefined;

  private constructor(
    private readonly key: LoadedNetwork,
    private readonly judged: readonly Judged[],
    private readonly config: PointConfig,
    private readonly classes: number,
    private readonly options: { readonly threads?: number; readonly signal?: AbortSignal },
  ) {}

  /** @param clips with the pictures of their wanted frames as decoded */
  static async of(
    key: LoadedNetwork,
    clips: readonly PointClip[],
    config: PointConfig,
    classes: number,
    options: { readonly threads?: number; readonly signal?: AbortSignal } = {},
  ): Promise<PointValidation> {
    const { design, size } = config;
    await using teacher = await PointTeacher.open(key, design.propagated, size, options.threads);
    const { width, height } = pictureSize(size);
    const judged: Judged[] = [];
    for (const clip of clips) {
      options.signal?.throwIfAborted();
      const truth = new Map<number, Uint8Array>();
      const last = followingKey(clip);
      for (const [t, pixels] of clip.decoded)
        if (t > 0 && t !== last)
          truth.set(t, labelsFromScores((await teacher.pass(pixels)).scores, classes, width, height));
      const most = Math.max(...truth.keys());
      const frames = design.accumulated ? [...truth.keys()] : Array.from({ length: most }, (_, i) => i + 1);
      const { context: before } = await teacher.pass(clip.decoded.get(0)!);
      const after = last === undefined ? undefined : (await teacher.pass(clip.decoded.get(last)!)).context;
      judged.push({
        clip,
        keys: { before, after },
        motion: clipMotion(clip, frames, design.accumulated),
        truth,
      });
    }
    return new PointValidation(key, judged, config, classes, options);
  }

  /** Agreement of a network with these weights, and of what it is compared with. */
  async scores(weights: Weights): Promise<PointScores> {
    this.baselines ??= {
      ...(await this.propagating('warp', { cfr: false, rga: false }, this.key.weights)),
      ...(await this.halfSize()),
    };
    const { cfr, rga } = this.config.design;
    return { ...(await this.propagating('agreement', { cfr, rga }, weights)), ...this.baselines };
  }

  private async propagating(
    name: string,
    correction: { cfr: boolean; rga: boolean },
    weights: Weights,
  ): Promise<PointScores> {
    const { config, classes } = this;
    const { design, size } = config;
    const description = pointDescription({ design: { ...design, ...correction } }, classes);
    const graph = inferenceGraph(description, weights, size.height, size.width, { keepBlocked: true });
    await using session = await GraphSession.open(graph, { threads: this.options.threads });
    const [channels] = propagatedGrid(design, classes, size);
    const { width, height } = pictureSize(size);
    const tally = new Tally(this.classes);
    for (const { clip, keys, motion, truth } of this.judged) {
      this.options.signal?.throwIfAborted();
      let kept = keys;
      for (const [t, along] of [...motion].sort(([a], [b]) => a - b)) {
        const { warped, residual } = propagate(kept, channels, along);
        const { scores, context } = await session.run({ image: clip.frames[t].pixels, warped, residual });
        if (!design.accumulated) kept = { before: correction.cfr ? (context as Float32Array) : warped };
        const labels = truth.get(t);
        if (labels) tally.add(t, labelsFromScores(scores as Float32Array, classes, width, height), labels);
      }
    }
    return tally.shares(name);
  }

  private async halfSize(): Promise<PointScores> {
    const { width, height } = pictureSize(this.config.size);
    const { description, weights } = this.key;
    const outputs = { scores: description.outputs.scores };
    const graph = inferenceGraph({ ...description, outputs }, weights, height, width, { keepBlocked: true });
    const grid = { factor: HALF_SIZE_STRIDE / 4, rows: height / 4, columns: width / 4 };
    graph.output('quarter', enlarge.forward(graph, [graph.outputs.get('scores')!], grid).output);
    await using session = await GraphSession.open(graph, { threads: this.options.threads });
    const tally = new Tally(this.classes);
    for (const { clip, truth } of this.judged)
      for (const [t, labels] of truth) {
        const { quarter } = await session.run({ image: clip.frames[t].pixels });
        tally.add(t, labelsFromScores(quarter as Float32Array, this.classes, width, height), labels);
      }
    return tally.shares('half');
  }
}

/** Labels against the per-frame network's: of all frames, and of those far from their key frames. */
class Tally {
  private readonly all: ConfusionMatrix;
  private readonly far: ConfusionMatrix;

  constructor(classes: number) {
    this.all = new ConfusionMatrix(classes);
    this.far = new ConfusionMatrix(classes);
  }

  add(distance: number, labels: Uint8Array, truth: Uint8Array): void {
    this.all.add(labels, truth);
    if (distance >= FAR) this.far.add(labels, truth);
  }

  shares(name: string): PointScores {
    const far = this.far.counts.some((count) => count > 0);
    return {
      [name]: pixelAccuracy(this.all),
      ...(far ? { [`${name} far`]: pixelAccuracy(this.far) } : {}),
      [`${name} mIoU`]: meanIou(this.all),
    };
  }
}
