/**
 * What the steps of an operating point's training learn on: frames of clips, each with what was propagated to it and
 * what the key-frame network makes of it uncoded.
 *
 * Accumulated, every frame is a sample of its own: warped once from the key frame, at random distances. Else the
 * feature that the network itself made of the frame before is warped, so that it learns on the errors it will meet.
 *
 * Neighbouring samples are of different clips, and a clip's samples are spread over many steps: sample n is of clip
 * g + (S − 1 − j) L, its j-th, with g = ⌊n / S⌋ and j = n mod S: every S samples one clip comes and one goes.
 */
import { IGNORE_LABEL } from '@twnet/core/classes';
import { seededRandom } from '@twnet/core/random';
import type { TensorData } from '@twnet/core/runtime/engine';
import type { PointConfig } from '../../config/point-config.js';
import type { PointClip } from '../../data/points/point-clip.js';
import { LABEL_STRIDE } from '../../data/points/point-clip.js';
import { STREAM } from '../../data/random-streams.js';
import type { TrainingState } from '../../run/state.js';
import { clipMotion, type FrameMotion, followingKey, type KeyFeatures, propagate } from './clip-motion.js';
import type { PointTeacher } from './point-teacher.js';
import { pictureSize, propagatedGrid } from './point-training.js';

/** L: clips that come between two samples of one. */
const LAG = 3;

/** Gives clip number `index`; the same number gives the same clip. */
export type PointClipProvider = (index: number) => Promise<PointClip>;

interface OpenClip {
  readonly clip: PointClip;
  /** What the key-frame network made of the key frames. */
  readonly keys: KeyFeatures;
  /** Frames in the order in which they are learnt on. */
  readonly wanted: readonly number[];
  readonly motion: ReadonlyMap<number, FrameMotion>;
}

interface Sample {
  readonly clip: number;
  /** Which of its clip's. */
  readonly number: number;
}

export class PointSamples {
  private readonly open = new Map<number, OpenClip>();
  private readonly shape: readonly number[];
  private readonly samples: number;
  private readonly accumulated: boolean;

  constructor(
    private readonly provider: PointClipProvider,
    private readonly teacher: PointTeacher,
    private readonly state: TrainingState,
    private readonly config: PointConfig,
    classes: number,
  ) {
    this.shape = [1, ...propagatedGrid(config.design, classes, config.size)];
    this.accumulated = config.design.accumulated;
    this.samples = samplesOf(config);
  }

  /** Feeds of the next step; see `pointStepGraph`. */
  async next(): Promise<Record<string, TensorData>> {
    const { batch } = this.config;
    const feeds = this.empty();
    for (let place = 0; place < batch; place++)
      await this.fill(feeds, place, this.sampleAt(this.state.step * batch + place));
    return feeds;
  }

  /** Takes over what the step on the batch has made of its frames, where that is carried on. */
  carry(context: Float32Array): void {
    const { batch } = this.config;
    const { carried, step } = this.state;
    const size = context.length / batch;
    for (let place = 0; place < batch; place++) {
      // The step has been counted since the batch was made.
      const { clip, number } = this.sampleAt((step - 1) * batch + place);
      if (number === this.samples - 1) carried.delete(String(clip));
      else
        carried.set(String(clip), {
          shape: this.shape,
          data: context.slice(place * size, (place + 1) * size),
        });
    }
  }

  private sampleAt(n: number): Sample {
    const number = n % this.samples;
    const clip = Math.floor(n / this.samples) + (this.samples - 1 - number) * LAG;
    return { clip, number };
  }

  private empty(): Record<string, TensorData> {
    const { batch, size } = this.config;
    const half = pictureSize(size);
    const cells = this.shape[2] * this.shape[3];
    const labels = (size.width / LABEL_STRIDE) * (size.height / LABEL_STRIDE);
    return {
      image: new Uint8Array(batch * 3 * half.width * half.height),
      warped: new Float32Array(batch * this.shape[1] * cells),
      residual: new Float32Array(batch * 3 * cells),
      labels: new Uint8Array(batch * labels).fill(IGNORE_LABEL),
    };
  }

  private async fill(feeds: Record<string, TensorData>, place: number, sample: Sample): Promise<void> {
    const { clip, keys, wanted, motion } = await this.clip(sample.clip);
    const t = wanted[sample.number];
    const wantedPass = await this.teacher.pass(clip.clean.get(t)!);
    const from = this.accumulated || t === 1 ? keys : { before: await this.before(sample.clip, t - 1) };
    const { warped, residual } = propagate(
      this.isForward(sample) ? { before: from.before } : from,
      this.shape[1],
      motion.get(t)!,
    );
    setSample(feeds, 'image', place, clip.frames[t].pixels);
    setSample(feeds, 'warped', place, warped);
    setSample(feeds, 'residual', place, residual);
    setSample(feeds, 'labels', place, clip.labels[t]);
    const { batch } = this.config;
    for (const [name, values] of [
      ['target', wantedPass.context],
      ['targetScores', wantedPass.scores],
    ] as const) {
      feeds[name] ??= new Float32Array(batch * values.length);
      setSample(feeds, name, place, values);
    }
    if (sample.number === this.samples - 1) this.open.delete(sample.clip);
  }

  /** Whether a frame is learnt on as if no key frame came after it. */
  private isForward({ clip, number }: Sample): boolean {
    const { seed, augmentation } = this.config;
    return seededRandom(seed, clip * this.samples + number, STREAM.pointForward)() < augmentation.forward;
  }

  /** What was made of a frame; of clips that a run begins in the midst of, the key-frame network's. */
  private async before(clip: number, t: number): Promise<Float32Array> {
    const known = this.state.carried.get(String(clip));
    if (known) return known.data;
    const { clip: pictures } = await this.clip(clip);
    return (await this.teacher.pass(pictures.clean.get(t)!)).context;
  }

  private async clip(index: number): Promise<OpenClip> {
    const known = this.open.get(index);
    if (known) return known;
    const clip = await this.provider(index);
    // In the order in which they were drawn.
    const drawn = [...clip.clean.keys()];
    const wanted = this.accumulated ? drawn : drawn.toSorted((a, b) => a - b);
    const { context: before } = await this.teacher.pass(clip.decoded.get(0)!);
    const last = followingKey(clip);
    const after = last === undefined ? undefined : (await this.teacher.pass(clip.decoded.get(last)!)).context;
    const opened = {
      clip,
      keys: { before, after },
      wanted,
      motion: clipMotion(clip, wanted, this.accumulated),
    };
    this.open.set(index, opened);
    return opened;
  }
}

/** Whether clips end with a key frame. */
export const isClosed = ({ design }: PointConfig): boolean => design.accumulated && design.bidirectional;

/** Frames of each clip that are learnt on: where features are carried on, all of them. */
export function samplesOf({ design, samples, clipLength }: PointConfig): number {
  return design.accumulated ? Math.min(samples, clipLength - 1) : clipLength - 1;
}

/** Copies one sample's values to their place in a batch. */
function setSample(
  feeds: Record<string, TensorData>,
  name: string,
  place: number,
  values: Float32Array | Uint8Array,
): void {
  (feeds[name] as Float32Array).set(values, place * values.length);
}
