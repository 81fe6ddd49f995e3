/** Accuracy and speed of every way that models have from a stream to labels, in one run. */
import type { LabelledClip } from '../accuracy/labelled-clip.js';
import { type Coding, clipStream } from '../methods/coding.js';
import { fullName, type OpenedMethod, type StreamMethod, withMethod } from '../methods/stream-method.js';
import { roundOrder } from '../speed/speed-plan.js';
import { ClipScores } from './clip-scores.js';
import { frontierFigures, type MethodFigures } from './frontier-report.js';
import { type ClipStream, scoreClip } from './score-clip.js';
import { timeStream } from './time-stream.js';

export interface FrontierPlan {
  readonly clip: LabelledClip;
  /** Classes of the clip's labels. */
  readonly classes: number;
  /** With the per-frame network at scale 1 of every model among them. */
  readonly methods: readonly StreamMethod[];
  readonly coding: Coding;
  readonly gop: number;
  /** Pictures at which a stream begins, the first one among them: see {@link ClipScores}. */
  readonly starts: readonly number[];
  /** Times that everything is timed, in turns. */
  readonly rounds: number;
  readonly stretch: number;
  readonly boundary?: number;
}

/** Frames done and to do, and what is run now. */
export type FrameProgress = (done: number, total: number, what: string) => void;

/**
 * Scores every method once, then times all in turns: each round opens one after the other, warms it up, times it over the
 * stream and closes it, so that what the machine does over minutes befalls all alike.
 */
export async function measureFrontier(
  plan: FrontierPlan,
  onProgress?: FrameProgress,
): Promise<MethodFigures[]> {
  const { clip, methods, starts, rounds, gop, coding } = plan;
  const { width, height, frames } = clip;
  const size = { width, height };
  const severalModels = new Set(methods.map(({ model }) => model)).size > 1;
  const streamed = starts.reduce((sum, start) => sum + frames.length - start, 0);
  const total = methods.length * (streamed + rounds * frames.length);
  let done = 0;
  const tell = (method: StreamMethod, more: number): void => {
    done += more;
    onProgress?.(done, total, fullName(method, severalModels));
  };
  const streams = starts.map((start): ClipStream => {
    const bytes = clipStream(frames.slice(start), { ...size, coding, gop });
    return { start, bytes };
  });
  const scores: ClipScores[] = [];
  for (const method of methods) {
    const kept = new ClipScores({ ...size, ...plan, pictures: frames.length });
    await withMethod(method, size, (opened) => scoreClip(clip, streams, opened, kept, () => tell(method, 1)));
    scores.push(kept);
  }
  const times = methods.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const index of roundOrder([[...methods.keys()]], round)) {
      const time = (opened: OpenedMethod): Promise<number> =>
        timeStream(opened, streams[0].bytes, { frames: frames.length, gop });
      times[index].push(await withMethod(methods[index], size, time));
      tell(methods[index], frames.length);
    }
  return frontierFigures(
    methods.map(({ name, model, kind, scale, uncorrected }, index) => ({
      ...{ name, model, kind, scale, uncorrected },
      scores: scores[index],
      milliseconds: times[index],
    })),
  );
}
