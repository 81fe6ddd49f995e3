/** Frames a second of every way that models have from a video to labels, in one run. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameTimings } from '@twnet/core/segment/segmented-frame';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import { fullName, type MethodKind, type StreamMethod, withMethod } from '../methods/stream-method.js';
import { writePanningVideo } from '../speed/panning-video.js';
import { medianStages } from '../speed/speed-measurement.js';
import { type FrameSize, roundOrder } from '../speed/speed-plan.js';
import { type Spread, spreadOf } from '../speed/spread.js';
import { timeStages } from './time-stages.js';

export interface ThroughputPlan {
  readonly methods: readonly StreamMethod[];
  /** One of them, that the others' speeds are set against. */
  readonly reference: StreamMethod;
  readonly size: FrameSize;
  /** Frames of a group of pictures. */
  readonly gop: number;
  /** Groups of pictures that are timed. */
  readonly groups: number;
  /** Times that everything is timed, in turns. */
  readonly rounds: number;
}

export interface MethodThroughput {
  readonly name: string;
  readonly model: string;
  readonly kind: MethodKind;
  /** A frame, over whole groups of pictures, from the file to labels of the video's size. */
  readonly milliseconds: Spread;
  readonly framesPerSecond: number;
  /** The reference's time ÷ this one's, of each round. */
  readonly speedUp: Spread;
  /** Work of each stage on a frame, milliseconds, medians over rounds; stages of neighbouring frames overlap. */
  readonly stages: { readonly key: FrameTimings | null; readonly nonKey: FrameTimings | null };
}

/** Frames done and to do, and what is run now. */
export type ThroughputProgress = (done: number, total: number, what: string) => void;

/** Times every method in turns over a panning texture, as the paper's stream. */
export async function measureThroughput(
  { methods, reference, size, gop, groups, rounds }: ThroughputPlan,
  onProgress?: ThroughputProgress,
): Promise<MethodThroughput[]> {
  // One frame more: whole groups are timed from the first frame's labels on.
  const frames = gop * groups + 1;
  const total = rounds * methods.length * frames;
  const several = new Set(methods.map(({ model }) => model)).size > 1;
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-benchmark'));
  try {
    const video = join(folder, 'panning.mp4');
    await writePanningVideo(video, { ...size, frames, gop });
    const times = methods.map((): Awaited<ReturnType<typeof timeStages>>[] => []);
    let done = 0;
    for (let round = 0; round < rounds; round++)
      for (const index of roundOrder([[...methods.keys()]], round)) {
        onProgress?.(done, total, fullName(methods[index], several));
        times[index].push(
          await withMethod(methods[index], size, (opened) => timeStages(opened, video, { frames, gop })),
        );
        done += frames;
      }
    onProgress?.(total, total, 'done');
    const base = times[methods.indexOf(reference)];
    return methods.map(({ name, model, kind }, index) => {
      const milliseconds = spreadOf(times[index].map((one) => one.milliseconds));
      return {
        ...{ name, model, kind, milliseconds },
        framesPerSecond: 1000 / milliseconds.median,
        speedUp: spreadOf(times[index].map((one, round) => base[round].milliseconds / one.milliseconds)),
        stages: {
          key: medianTimes(times[index].map(({ stages }) => stages.key)),
          nonKey: medianTimes(times[index].map(({ stages }) => stages.nonKey)),
        },
      };
    });
  } finally {
    discardTemporary(folder);
  }
}

function medianTimes(rounds: readonly (FrameTimings | null)[]): FrameTimings | null {
  const known = rounds.filter((times) => times !== null);
  return known.length === 0 ? null : medianStages(known);
}
