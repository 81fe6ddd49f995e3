import type { PictureType } from '../frame.js';
import type { KeyFrameReason } from './schedule.js';
import type { FrameTimings, SegmentedFrame } from './segmented-frame.js';

/** Milliseconds of work of each stage. Stages overlap, so that their sum is more than the time that passed. */
export interface StageTimes extends FrameTimings {
  /** Overlay, its encoding, and waiting for label files. */
  readonly write: number;
}

/** What a run over a video did and took. */
export interface RunStats {
  readonly frames: { readonly total: number; readonly key: number; readonly nonKey: number } & Readonly<
    Record<PictureType, number>
  >;
  /** How many key frames there were for each reason; reasons without any are left out. */
  readonly keyFramesBy: Readonly<Partial<Record<KeyFrameReason, number>>>;
  /** Sums over all frames. */
  readonly milliseconds: StageTimes;
  /** Means a frame of either kind; null where there was none. */
  readonly millisecondsPerKeyFrame: StageTimes | null;
  readonly millisecondsPerNonKeyFrame: StageTimes | null;
  /** From the first frame's request to the last frame's end, opening of files and networks left out. */
  readonly seconds: number;
  readonly framesPerSecond: number;
}

const STAGES = ['decode', 'motion', 'network', 'labels', 'write'] as const;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Adds up a run's {@link RunStats}. */
export class StatsCollector {
  readonly #start = performance.now();
  readonly #types: Record<PictureType, number> = { I: 0, P: 0, B: 0 };
  readonly #count = { key: 0, nonkey: 0 };
  readonly #reasons: Partial<Record<KeyFrameReason, number>> = {};
  readonly #times = { key: noTimes(), nonkey: noTimes() };

  /** @param write milliseconds spent on the frame's output */
  add({ frame, kind, reason, timings }: SegmentedFrame, write: number): void {
    this.#types[frame.pictureType]++;
    this.#count[kind]++;
    if (reason) this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    for (const stage of STAGES) this.#times[kind][stage] += stage === 'write' ? write : timings[stage];
  }

  /** The figures up to now. */
  report(): RunStats {
    const { key, nonkey } = this.#count;
    const total = key + nonkey;
    const seconds = (performance.now() - this.#start) / 1000;
    return {
      frames: { total, key, nonKey: nonkey, ...this.#types },
      keyFramesBy: { ...this.#reasons },
      milliseconds: mapTimes((stage) => this.#times.key[stage] + this.#times.nonkey[stage]),
      millisecondsPerKeyFrame: key > 0 ? mapTimes((stage) => this.#times.key[stage] / key) : null,
      millisecondsPerNonKeyFrame: nonkey > 0 ? mapTimes((stage) => this.#times.nonkey[stage] / nonkey) : null,
      seconds,
      framesPerSecond: total / seconds,
    };
  }
}

function noTimes(): Mutable<StageTimes> {
  return { decode: 0, motion: 0, network: 0, labels: 0, write: 0 };
}

/** Times with every stage as `of` says, rounded to microseconds. */
function mapTimes(of: (stage: (typeof STAGES)[number]) => number): StageTimes {
  const times = noTimes();
  for (const stage of STAGES) times[stage] = Math.round(of(stage) * 1000) / 1000;
  return times;
}
