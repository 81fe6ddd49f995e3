/**
 * Features of made clips for the correction stage's own training. The networks that give them are fixed, so a
 * clip's are computed once and serve many steps; now and then a fresh clip takes the oldest one's place.
 */

import type { MotionField } from '@twnet/core/motion/field';
import { gridSize, type Stride } from '@twnet/core/motion/grid';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpMatrix } from '@twnet/core/motion/warp-matrix';
import { seededRandom } from '@twnet/core/random';
import type { TensorData } from '@twnet/core/runtime/engine';
import { REFERENCE, ReferenceMotion } from '@twnet/core/segment/reference-motion';
import { STREAM } from '../data/random-streams.js';
import type { TrainingClip } from '../data/training-clip.js';
import { frameSuffix } from '../graph/unrolled.js';
import type { ClipProvider } from './clip-slots.js';
import type { ContextTeacher } from './context-teacher.js';
import { cutField, cutPlanes, type FeatureWindow } from './feature-window.js';

/** Steps that a clip's coming into the pool serves. */
const STEPS_A_CLIP = 4;

/** One frame as the correction stage sees it; the first of a clip has a context alone. */
interface FrameFeatures {
  /** The key-frame CNN's. */
  readonly context: Float32Array;
  readonly spatial?: Float32Array;
  readonly residual?: Float32Array;
  readonly field?: MotionField;
}

export interface CorrectionPoolOptions {
  readonly batch: number;
  readonly pool: number;
  readonly unroll: number;
  readonly seed: number;
  /** Largest window of the context's grid, cells. */
  readonly window: { readonly rows: number; readonly columns: number };
  readonly stride: Stride;
  readonly width: number;
  readonly height: number;
}

export class CorrectionPool {
  private readonly clips = new Map<number, readonly FrameFeatures[]>();

  constructor(
    private readonly provider: ClipProvider,
    private readonly teacher: ContextTeacher,
    private readonly spatial: (pixels: Uint8Array) => Promise<Float32Array>,
    private readonly options: CorrectionPoolOptions,
  ) {}

  /** Feeds of step `step`: the same step has the same feeds, also after a resumption. */
  async batch(step: number, filled?: (clips: number) => void): Promise<Record<string, TensorData>> {
    const { batch, pool, unroll, seed } = this.options;
    const oldest = Math.floor(step / STEPS_A_CLIP);
    for (const index of this.clips.keys()) if (index < oldest) this.clips.delete(index);
    for (let index = oldest; index < oldest + pool; index++) {
      if (this.clips.has(index)) continue;
      this.clips.set(index, await this.features(await this.provider(index)));
      filled?.(this.clips.size);
    }
    const random = seededRandom(seed, step, STREAM.correctionWindows);
    const chosen = Array.from({ length: batch }, () => oldest + Math.floor(random() * pool));
    const windows = chosen.map((index) => {
      const frames = this.clips.get(index)!;
      const start = Math.floor(random() * (frames.length - unroll));
      return { frames: frames.slice(start, start + unroll + 1), window: this.window(random) };
    });
    return this.feeds(windows);
  }

  private feeds(
    samples: readonly { frames: readonly FrameFeatures[]; window: FeatureWindow }[],
  ): Record<string, TensorData> {
    const grid = this.grid();
    const channels = this.teacher.shape[1];
    const feeds: Record<string, TensorData> = {};
    for (let t = 0; t < this.options.unroll; t++) {
      const suffix = frameSuffix(t);
      const each = (values: (frame: FrameFeatures, before: FrameFeatures) => Float32Array) =>
        joined(
          samples.map(({ frames, window }) => cutPlanes(values(frames[t + 1], frames[t]), grid, window)),
        );
      feeds[`spatial${suffix}`] = each(({ spatial }) => spatial!);
      feeds[`residual${suffix}`] = each(({ residual }) => residual!);
      feeds[`target${suffix}`] = each(({ context }) => context);
      if (t === 0)
        feeds[`warped${suffix}`] = each(({ field }, { context }) => warpFeatures(context, channels, field!));
      else {
        const matrices = samples.map(({ frames, window }) =>
          warpMatrix(cutField(frames[t + 1].field!, window)),
        );
        feeds[`motion${suffix}`] = joined(matrices);
      }
    }
    return feeds;
  }

  private grid(): { rows: number; columns: number } {
    const { width, height, stride } = this.options;
    return gridSize(width, height, stride);
  }

  /** Somewhere in the frame; the whole of it where it is no larger than a window. */
  private window(random: () => number): FeatureWindow {
    const grid = this.grid();
    const rows = Math.min(grid.rows, this.options.window.rows);
    const columns = Math.min(grid.columns, this.options.window.columns);
    const top = Math.floor(random() * (grid.rows - rows + 1));
    const left = Math.floor(random() * (grid.columns - columns + 1));
    return { top, left, rows, columns };
  }

  private async features({ frames }: TrainingClip): Promise<FrameFeatures[]> {
    const { width, height, stride } = this.options;
    const motion = new ReferenceMotion(width, height, stride);
    const features: FrameFeatures[] = [];
    for (const [t, frame] of frames.entries()) {
      const context = (await this.teacher.context(frame.pixels)).slice();
      if (t === 0) features.push({ context });
      else {
        const spatial = (await this.spatial(frame.pixels)).slice();
        const [field, residual] = [motion.field(frame), motion.residual(frame).data];
        features.push({ context, spatial, residual, field });
      }
      motion.keep(frame, REFERENCE);
    }
    return features;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
