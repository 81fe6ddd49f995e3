/** What was measured, as the tables ask for it. */

import { tailRankOf } from '@twnet/core/model/model-card';
import type { BackboneName } from '@twnet/core/network/backbones';
import { gigaMacs } from '@twnet/core/network/cost';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import type { ClipMethod } from '../accuracy/clip-method.js';
import type { SpeedReport } from '../speed/speed.js';
import type { SpeedMeasurement } from '../speed/speed-measurement.js';
import type { FrameSize } from '../speed/speed-plan.js';
import { type ClipProtocol, type ClipTask, clipTaskId, type KeptScore } from './clip-score.js';
import { type Modules, WARPING } from './paper.js';
import { speedOf } from './speeds.js';
import type { StillsScore } from './stills-score.js';
import type { StudyClip } from './study-clip.js';
import { consistencyWeightOf, modulesOf, type StudyModel } from './study-model.js';

/** λ1 of the paper's other tables. */
const CONSISTENCY_WEIGHT = 10;

export interface StudyContents {
  /** The first is the one that the tables are about. */
  readonly models: readonly StudyModel[];
  /** Models that differ in their modules alone, for the tables on those. */
  readonly variants: readonly StudyModel[];
  readonly clips: readonly StudyClip[];
  readonly protocol: ClipProtocol;
  /** Kinds of motion that Table 9 compares. */
  readonly motions: readonly MotionSpec[];
  readonly scores: ReadonlyMap<string, KeptScore>;
  /** By model's name; of those that could be scored. */
  readonly stills: ReadonlyMap<string, StillsScore>;
  readonly speed: readonly SpeedReport[];
  /** Sizes of Table 8, the largest last. */
  readonly speedSizes: readonly FrameSize[];
}

export class Study {
  constructor(readonly contents: StudyContents) {}

  get main(): StudyModel {
    return this.contents.models[0];
  }

  get clips(): readonly StudyClip[] {
    return this.contents.clips;
  }

  get models(): readonly StudyModel[] {
    return this.contents.models;
  }

  /** Gives the key-frame network that the tables on modules are about. */
  get base(): StudyModel {
    return this.contents.variants[0];
  }

  /** Of the main model, where no other is given. */
  score(
    clip: StudyClip,
    method: ClipMethod,
    options: { readonly model?: StudyModel; readonly layer?: WarpLayer; readonly motion?: MotionSpec } = {},
  ): KeptScore | undefined {
    const { model = this.main, layer = 1, motion = 'codec' } = options;
    const task: ClipTask = { clip, method, model, layer, motion };
    return this.contents.scores.get(clipTaskId(task, this.contents.protocol));
  }

  /** mIoU as a share of the per-frame network's on the same frames. */
  kept(clip: StudyClip, score: KeptScore | undefined, model?: StudyModel): number | undefined {
    const perFrame = this.score(clip, 'per-frame', { model });
    return score && perFrame && score.meanIou / perFrame.meanIou;
  }

  /**
   * The variant with these modules at a layer, on the first one's key-frame network.
   *
   * @param consistencyWeight λ1 that it has to have; without one the paper's, or what the first one has
   */
  modelWith(layer: 1 | 2, modules: Modules, consistencyWeight?: number): StudyModel | undefined {
    const such = this.contents.variants.filter((model) => {
      const trained = modulesOf(model, layer);
      if (!trained || model.keyDigest !== this.base.keyDigest) return false;
      return trained.cfr === modules.cfr && trained.rga === modules.rga;
    });
    const of = (weight: number): StudyModel | undefined =>
      such.find(
        (model) => !modules.cfr || (consistencyWeightOf(model, layer) ?? CONSISTENCY_WEIGHT) === weight,
      );
    return consistencyWeight === undefined
      ? (of(CONSISTENCY_WEIGHT) ?? such.find((model) => model === this.base))
      : of(consistencyWeight);
  }

  /** Sizes that all backbones were timed at, the largest last. */
  get speedSizes(): readonly FrameSize[] {
    return this.contents.speedSizes;
  }

  speed(backbone: BackboneName, layer: WarpLayer, size: FrameSize): SpeedMeasurement | undefined {
    const { speed, protocol } = this.contents;
    return speedOf(speed, { ...size, backbone, layer, gop: protocol.gop });
  }

  /** Of the main model's backbone end to end, at the largest size measured. */
  speedUp(layer: WarpLayer): number | undefined {
    const size = this.speedSizes.at(-1);
    return size && this.speed(this.main.card.backbone, layer, size)?.speedUp.endToEnd.median;
  }

  /** Multiply-adds of a network of the variants' backbone at the first clip's size, in 10⁹. */
  gigaMacs(
    network: 'key' | WarpLayer,
    modules: Modules = WARPING,
    { width, height } = this.clips[0],
  ): number {
    const { card, model } = this.base;
    if (network === 'key') return gigaMacs(model.keyFrame(3).description, height, width);
    // What is only warped goes through the key-frame network's own tail.
    const tail = modules.fineTuned ? tailRankOf(card, network) : undefined;
    const description = nonKeyFrameNetwork(card.backbone, card.classes.length, network, modules, tail);
    return gigaMacs(description, height, width);
  }

  /** The score of a row of Tables 1, 3, 4 and 10. */
  moduleScore(clip: StudyClip, layer: 1 | 2, modules: Modules): KeptScore | undefined {
    if (modules === WARPING) return this.score(clip, 'warp-alone', { model: this.base, layer });
    const model = this.modelWith(layer, modules);
    return model && this.score(clip, 'twnet', { model, layer });
  }
}
