/**
 * Features of made clips for the correction stage's own training. The networks that give them are fixed, so a
 * clip's are computed once and serve many steps; now and then a fresh clip takes the oldest one's place.
 */
import { type MadeClip, seededRandom } from '../data/index.js';
import type { TensorData } from '../graph/session.js';
import { denseMotion, type MotionField, residualMap, type Stride, warpMatrix } from '../motion/index.js';
import type { ClipProvider } from './clip-slots.js';
import type { ContextTeacher } from './context-teacher.js';
import { frameSuffix } from './unrolled.js';

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
    const random = seededRandom(seed, step, 5);
    const chosen = Array.from({ length: batch }, () => oldest + Math.floor(random() * pool));
    const windows = chosen.map((index) => {
      const frames = this.clips.get(index)!;
      const start = Math.floor(random() * (frames.length - unroll));
      return frames.slice(start, start + unroll + 1);
    });
    return this.feeds(windows);
  }

  private feeds(windows: readonly (readonly FrameFeatures[])[]): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = {
      previous: joined(windows.map(([{ context }]) => context)),
    };
    for (let t = 0; t < this.options.unroll; t++) {
      const frames = windows.map((window) => window[t + 1]);
      const suffix = frameSuffix(t);
      feeds[`spatial${suffix}`] = joined(frames.map(({ spatial }) => spatial!));
      feeds[`residual${suffix}`] = joined(frames.map(({ residual }) => residual!));
      feeds[`target${suffix}`] = joined(frames.map(({ context }) => context));
      feeds[`motion${suffix}`] = joined(frames.map(({ field }) => warpMatrix(field!)));
    }
    return feeds;
  }

  private async features({ frames }: MadeClip): Promise<FrameFeatures[]> {
    const { width, height, stride } = this.options;
    const features: FrameFeatures[] = [];
    for (const [t, { pixels, motion }] of frames.entries()) {
      const context = (await this.teacher.context(pixels)).slice();
      if (t === 0) {
        features.push({ context });
        continue;
      }
      features.push({
        context,
        spatial: (await this.spatial(pixels)).slice(),
        residual: residualMap(pixels, frames[t - 1].pixels, motion, width, height, stride).data,
        field: denseMotion(motion, width, height, stride),
      });
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
