/**
 * The clips that step 2 walks through. A pool of slots each follow a clip of their own, frame after frame, with
 * the context feature that the network itself made of the frame before: so it learns on the errors it will meet,
 * not only on fresh key-frame features. Every step takes the next frames of the next `batch` slots: neighbouring
 * steps see different clips, and a batch many distances from the key frame. With clips of two frames this is
 * the paper's rule.
 *
 * Motion, residual and warp are the segmenter's. Correcting and keeping are the step's graph, which learns by them:
 * what it keeps of many clips at a time lies in the training's state, from which a run resumes.
 */

import type { MotionField } from '@twnet/core/motion/field';
import type { Stride } from '@twnet/core/motion/grid';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpMatrix } from '@twnet/core/motion/warp-matrix';
import type { TensorData } from '@twnet/core/runtime/engine';
import { REFERENCE, ReferenceMotion } from '@twnet/core/segment/reference-motion';
import type { TrainingClip } from '../data/training-clip.js';
import { frameSuffix } from '../graph/unrolled.js';
import type { ClipPosition, TrainingState } from '../run/state.js';
import type { ContextTeacher } from './context-teacher.js';

/** Frames by which neighbouring slots' starts differ. */
const STAGGER = 4;

/** Gives made clip number `index`; the same number gives the same clip. */
export type ClipProvider = (index: number) => Promise<TrainingClip>;

export interface ClipSlotOptions {
  /** Clips a step. */
  readonly batch: number;
  /** Clips in flight, a multiple of `batch`. */
  readonly pool: number;
  readonly clipLength: number;
  /** Frames a step. */
  readonly unroll: number;
  readonly stride: Stride;
  readonly width: number;
  readonly height: number;
}

export class ClipSlots {
  private readonly clips = new Map<number, TrainingClip>();
  private readonly motion: ReferenceMotion;

  constructor(
    private readonly provider: ClipProvider,
    private readonly teacher: ContextTeacher,
    private readonly state: TrainingState,
    private readonly options: ClipSlotOptions,
  ) {
    if (options.unroll >= options.clipLength)
      throw new RangeError(`clips of ${options.clipLength} frames cannot be unrolled over ${options.unroll}`);
    this.motion = new ReferenceMotion(options.width, options.height, options.stride);
  }

  /** The next frames of every slot's clip as feeds of the step (see `unroll` and `nonKeyFrameObjective`). */
  async next(): Promise<Record<string, TensorData>> {
    if (this.state.positions.length === 0) await this.start();
    const { unroll } = this.options;
    const feeds: Record<string, TensorData> = Object.assign(
      {},
      ...Array.from({ length: unroll }, (_, t) => this.emptyFrame(t)),
    );
    for (const [place, slot] of this.turn().entries()) await this.fill(feeds, place, slot);
    return feeds;
  }

  /** Takes over the context features that the step on the batch computed (N × channels × rows × columns). */
  carry(context: Float32Array): void {
    const { size, shape } = this.teacher;
    // The step has been counted since the batch was made.
    for (const [place, slot] of this.turn(this.state.step - 1).entries()) {
      this.state.positions[slot].frame += this.options.unroll;
      this.state.carried.set(String(slot), { shape, data: context.slice(place * size, (place + 1) * size) });
    }
  }

  /** The slots whose turn it is at a step. */
  private turn(step = this.state.step): number[] {
    const { batch, pool } = this.options;
    return Array.from({ length: batch }, (_, place) => (step * batch + place) % pool);
  }

  private async start(): Promise<void> {
    const { pool, clipLength, unroll } = this.options;
    for (let slot = 0; slot < pool; slot++) {
      // Neighbours, who share a batch, start far from each other.
      const stagger = (slot * STAGGER) % (clipLength - unroll);
      this.state.positions.push({ clip: slot, frame: stagger });
      await this.restart(slot);
    }
  }

  /** A key frame: the slot's carried feature comes from the key-frame CNN. */
  private async restart(slot: number): Promise<void> {
    const { clip, frame } = this.state.positions[slot];
    const { frames } = await this.clip(clip);
    const data = await this.teacher.context(frames[frame].pixels);
    this.state.carried.set(String(slot), { shape: this.teacher.shape, data });
  }

  private emptyFrame(t: number): Record<string, TensorData> {
    const { batch, width, height } = this.options;
    const [, , rows, columns] = this.teacher.shape;
    const cells = rows * columns;
    const suffix = frameSuffix(t);
    const warped = t === 0 ? `warped${suffix}` : `motion${suffix}`;
    return {
      [`image${suffix}`]: new Uint8Array(batch * 3 * width * height),
      [`labels${suffix}`]: new Uint8Array(batch * width * height),
      [warped]: new Float32Array(batch * (t === 0 ? this.teacher.size : cells * cells)),
      [`residual${suffix}`]: new Float32Array(batch * 3 * cells),
      [`target${suffix}`]: new Float32Array(batch * this.teacher.size),
    };
  }

  private async fill(feeds: Record<string, TensorData>, place: number, slot: number): Promise<void> {
    const position = await this.positionWithRoom(slot);
    const clip = await this.clip(position.clip);
    this.motion.keep(clip.frames[position.frame], REFERENCE);
    for (let t = 0; t < this.options.unroll; t++) {
      const field = await this.fillFrame(feeds, frameSuffix(t), place, clip, position.frame + 1 + t);
      this.fillWarp(feeds, t, place, field, this.state.carried.get(String(slot))!.data);
    }
  }

  /** The first frame gets the carried feature warped; further ones the warp alone, as what it warps is yet to come. */
  private fillWarp(
    feeds: Record<string, TensorData>,
    t: number,
    place: number,
    field: MotionField,
    carried: Float32Array,
  ): void {
    const [, channels] = this.teacher.shape;
    if (t === 0) {
      setSample(feeds[`warped${frameSuffix(t)}`], place, warpFeatures(carried, channels, field));
      return;
    }
    const matrices = feeds[`motion${frameSuffix(t)}`] as Float32Array;
    const size = (field.rows * field.columns) ** 2;
    warpMatrix(field, matrices.subarray(place * size, (place + 1) * size));
  }

  /** Where a slot is; where too few frames are left, at the start of its next clip. */
  private async positionWithRoom(slot: number): Promise<ClipPosition> {
    const { pool, unroll } = this.options;
    const position = this.state.positions[slot];
    if (position.frame + unroll >= (await this.clip(position.clip)).frames.length) {
      this.clips.delete(position.clip);
      position.clip += pool;
      position.frame = 0;
      await this.restart(slot);
    }
    return position;
  }

  private async fillFrame(
    feeds: Record<string, TensorData>,
    suffix: string,
    place: number,
    { frames, labels }: TrainingClip,
    t: number,
  ): Promise<MotionField> {
    const { pixels } = frames[t];
    const field = this.motion.field(frames[t]);
    const residual = this.motion.residual(frames[t]);
    this.motion.keep(frames[t], REFERENCE);
    setSample(feeds[`image${suffix}`], place, pixels);
    setSample(feeds[`labels${suffix}`], place, labels[t]);
    setSample(feeds[`residual${suffix}`], place, residual.data);
    setSample(feeds[`target${suffix}`], place, await this.teacher.context(pixels));
    return field;
  }

  private async clip(index: number): Promise<TrainingClip> {
    const known = this.clips.get(index);
    if (known) return known;
    const made = await this.provider(index);
    this.clips.set(index, made);
    return made;
  }
}

/** Copies one sample's values to their place in a batch. */
function setSample(batch: TensorData, place: number, values: Float32Array | Uint8Array): void {
  (batch as Float32Array).set(values, place * values.length);
}
