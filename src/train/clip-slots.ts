/**
 * The clips that step 2 walks through. A pool of slots each follow a clip of their own, frame after frame, with
 * the context feature that the network itself made of the frame before: so it learns on the errors it will meet,
 * not only on fresh key-frame features. Every step takes the next frame of the next `batch` slots: neighbouring
 * steps see different clips, and a batch many distances from the key frame. With clips of two frames this is
 * the paper's rule.
 */
import type { MadeClip } from '../data/index.js';
import { denseMotion, residualMap, type Stride, warpFeatures } from '../motion/index.js';
import type { ContextTeacher } from './context-teacher.js';
import type { TrainingState } from './state.js';

/** Frames by which neighbouring slots' starts differ. */
const STAGGER = 4;

/** Gives made clip number `index`; the same number gives the same clip. */
export type ClipProvider = (index: number) => Promise<MadeClip>;

export interface ClipBatch {
  readonly image: Uint8Array;
  readonly labels: Uint8Array;
  readonly warped: Float32Array;
  readonly residual: Float32Array;
  /** The key-frame CNN's own context features. */
  readonly target: Float32Array;
}

export interface ClipSlotOptions {
  /** Clips a step. */
  readonly batch: number;
  /** Clips in flight, a multiple of `batch`. */
  readonly pool: number;
  readonly clipLength: number;
  readonly stride: Stride;
  readonly width: number;
  readonly height: number;
}

export class ClipSlots {
  private readonly clips = new Map<number, MadeClip>();

  constructor(
    private readonly provider: ClipProvider,
    private readonly teacher: ContextTeacher,
    private readonly state: TrainingState,
    private readonly options: ClipSlotOptions,
  ) {}

  /** The next frame of every slot's clip, ready for one step. */
  async next(): Promise<ClipBatch> {
    const { batch: count, width, height } = this.options;
    if (this.state.positions.length === 0) await this.start();
    const area = width * height;
    const [, channels, rows, columns] = this.teacher.shape;
    const features = channels * rows * columns;
    const batch: ClipBatch = {
      image: new Uint8Array(count * 3 * area),
      labels: new Uint8Array(count * area),
      warped: new Float32Array(count * features),
      residual: new Float32Array(count * 3 * rows * columns),
      target: new Float32Array(count * features),
    };
    for (const [place, slot] of this.turn().entries()) await this.fill(batch, place, slot, features);
    return batch;
  }

  /** Takes over the context features that the step on the batch computed (N × channels × rows × columns). */
  carry(context: Float32Array): void {
    const size = context.length / this.options.batch;
    const { shape } = this.teacher;
    // The step has been counted since the batch was made.
    for (const [place, slot] of this.turn(this.state.step - 1).entries()) {
      this.state.positions[slot].frame += 1;
      this.state.carried.set(String(slot), { shape, data: context.slice(place * size, (place + 1) * size) });
    }
  }

  /** The slots whose turn it is at a step. */
  private turn(step = this.state.step): number[] {
    const { batch, pool } = this.options;
    return Array.from({ length: batch }, (_, place) => (step * batch + place) % pool);
  }

  private async start(): Promise<void> {
    const { pool, clipLength } = this.options;
    for (let slot = 0; slot < pool; slot++) {
      // Neighbours, who share a batch, start far from each other.
      const stagger = (slot * STAGGER) % (clipLength - 1);
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

  private async fill(batch: ClipBatch, place: number, slot: number, features: number): Promise<void> {
    const { pool, stride, width, height } = this.options;
    const position = this.state.positions[slot];
    if (position.frame + 1 >= (await this.clip(position.clip)).frames.length) {
      this.clips.delete(position.clip);
      position.clip += pool;
      position.frame = 0;
      await this.restart(slot);
    }
    const { frames, labels } = await this.clip(position.clip);
    const previous = frames[position.frame];
    const current = frames[position.frame + 1];
    const field = denseMotion(current.motion, width, height, stride);
    const residual = residualMap(current.pixels, previous.pixels, current.motion, width, height, stride);
    const [, channels] = this.teacher.shape;
    const carried = this.state.carried.get(String(slot))!.data;
    batch.image.set(current.pixels, place * current.pixels.length);
    batch.labels.set(labels[position.frame + 1], place * width * height);
    batch.warped.set(warpFeatures(carried, channels, field), place * features);
    batch.residual.set(residual.data, place * residual.data.length);
    batch.target.set(await this.teacher.context(current.pixels), place * features);
  }

  private async clip(index: number): Promise<MadeClip> {
    const known = this.clips.get(index);
    if (known) return known;
    const made = await this.provider(index);
    this.clips.set(index, made);
    return made;
  }
}
