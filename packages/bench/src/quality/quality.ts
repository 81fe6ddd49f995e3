/** Accuracy over bit rate on a labelled clip: what coarser streams cost, of every frame on its own and with motion. */
import { meanIou } from '@twnet/core/metrics/metrics';
import type { LabelledClip } from '../accuracy/labelled-clip.js';
import { ClipScores } from '../frontier/clip-scores.js';
import { type Estimate, estimate } from '../frontier/estimate.js';
import { scoreClip } from '../frontier/score-clip.js';
import { type Coding, clipStream } from '../methods/coding.js';
import { fullName, type StreamMethod, withMethod } from '../methods/stream-method.js';

export interface QualityPlan {
  readonly clip: LabelledClip;
  /** Classes of the clip's labels. */
  readonly classes: number;
  /** Per frame and points, of every model. */
  readonly methods: readonly StreamMethod[];
  /** The first of each codec is what the others are compared with. */
  readonly codings: readonly Coding[];
  readonly gop: number;
  /** Frames a second, of which bit rates are reckoned. */
  readonly frameRate: number;
  /** Pictures of a stretch, of which intervals are drawn. */
  readonly stretch: number;
}

export interface QualityFigures extends Pick<StreamMethod, 'name' | 'model' | 'kind'> {
  readonly meanIou: Estimate;
  /** By how much it exceeds the model's per-frame network on the same stream; not of that itself. */
  readonly abovePerFrame?: Estimate;
  /** What the stream costs: by how much mIoU on the codec's first stream exceeds it; not of the first. */
  readonly lost?: Estimate;
}

export interface StreamFigures {
  readonly coding: Coding;
  readonly bytes: number;
  readonly kilobitsPerSecond: number;
  readonly methods: readonly QualityFigures[];
}

/** Encodes the clip's clean pictures in every way and scores every method on each. */
export async function measureQuality(
  { clip, classes, methods, codings, gop, frameRate, stretch }: QualityPlan,
  onProgress?: (done: number, total: number, what: string) => void,
): Promise<StreamFigures[]> {
  const { width, height, frames } = clip;
  const size = { width, height };
  const several = new Set(methods.map(({ model }) => model)).size > 1;
  const streams = codings.map((coding) => clipStream(frames, { ...size, coding, gop }));
  const total = methods.length * codings.length * frames.length;
  let done = 0;
  const scores = new Map<StreamMethod, ClipScores[]>();
  for (const method of methods) {
    const ofMethod = codings.map(
      () => new ClipScores({ ...size, classes, pictures: frames.length, stretch }),
    );
    await withMethod(method, size, async (opened) => {
      for (const [i, bytes] of streams.entries())
        await scoreClip(clip, [{ start: 0, bytes }], opened, ofMethod[i], () =>
          onProgress?.(++done, total, fullName(method, several)),
        );
    });
    scores.set(method, ofMethod);
  }
  return codings.map((coding, i) => {
    const first = codings.findIndex(({ codec }) => codec === coding.codec);
    const bytes = streams[i].length;
    return {
      ...{ coding, bytes },
      kilobitsPerSecond: (8 * bytes * frameRate) / frames.length / 1000,
      methods: methods.map((method): QualityFigures => {
        const { name, model, kind } = method;
        const own = scores.get(method)![i];
        const base = methods.find((other) => other.model === model && other.kind === 'per-frame');
        return {
          ...{ name, model, kind },
          meanIou: estimate([own.all], ([sum]) => meanIou(sum)),
          ...(base && base !== method ? { abovePerFrame: difference(scores.get(base)![i], own) } : {}),
          ...(first < i ? { lost: difference(own, scores.get(method)![first]) } : {}),
        };
      }),
    };
  });
}

/** By how much the second exceeds the first. */
function difference(first: ClipScores, second: ClipScores): Estimate {
  return estimate([first.all, second.all], ([a, b]) => meanIou(b) - meanIou(a));
}
