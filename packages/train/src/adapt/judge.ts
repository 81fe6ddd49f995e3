/** What ways to segment footage give beside the network on every frame: how many labels agree, flicker, frames a second. */
import { FlickerMeter } from '@twnet/core/metrics/flicker';
import type { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import { type Footage, GROUP } from './footage.js';
import { equalLabels, type LabelMap } from './label-agreement.js';
import { runWay, type Way, type WayRun } from './run-way.js';

/** A frame on which a way and the network differ. */
interface WorstFrame extends LabelMap {
  readonly video: string;
  readonly index: number;
  readonly agreement: number;
  readonly own: Uint8Array;
}

export interface ShownFrame extends WorstFrame {
  /** Planar RGB. */
  readonly pixels: Uint8Array;
}

export interface Judged extends Way {
  readonly frames: number;
  /** Share of frames that the network itself sees. */
  readonly keyFrameShare: number;
  /** Share of pixels that have the network's own labels. */
  readonly agreement: number;
  /** Share of pixels whose label changes along the motion from one frame to the next. */
  readonly flicker: number;
  /** Once under way: of whole groups, without the opening and the way to the first frame. */
  readonly framesPerSecond: number;
  /** Those that agree the least, of different videos first. */
  readonly worst: readonly ShownFrame[];
}

/** Frames of a video that are judged, at most: one before the first that are timed, and whole groups. */
const MOST_FRAMES = 1 + 20 * GROUP;
/** Whatever time there is. */
const LEAST_FRAMES = 1 + 2 * GROUP;
/** Bytes that labels may take, of the network itself and of a way. */
const MOST_BYTES = 2 ** 28;
const WORST = 3;

export interface JudgeOptions {
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** For the network on every frame: after that, fewer frames are judged. */
  readonly milliseconds: number;
  readonly onWay?: (name: string) => void;
}

/** The first is the network on every frame, which the others are held against. */
export async function judge(
  model: Model,
  footage: readonly Footage[],
  ways: readonly Way[],
  { threads, signal, onWay, milliseconds }: JudgeOptions,
): Promise<Judged[]> {
  const own = new Map<Footage, readonly LabelMap[]>();
  const tallies: Tally[] = [];
  for (const way of ways) {
    onWay?.(way.name);
    const tally = new Tally(way);
    tallies.push(tally);
    for (const video of footage) {
      const reference = own.get(video);
      const most = Math.min(MOST_FRAMES, Math.max(2, Math.floor(MOST_BYTES / (video.width * video.height))));
      const run = await runWay(model, video, way, {
        ...{ threads, signal, most: reference?.length ?? most, least: LEAST_FRAMES },
        milliseconds: reference ? Number.POSITIVE_INFINITY : milliseconds / footage.length,
      });
      if (!reference) own.set(video, run.frames);
      tally.add(video, run, reference ?? run.frames);
    }
  }
  const pictures = await picturesOf(
    footage,
    tallies.flatMap(({ worst }) => worst),
    signal,
  );
  return tallies.map((tally) => tally.judged(pictures));
}

/** Sums over a way's footage. */
class Tally {
  #frames = 0;
  #keyFrames = 0;
  #equal = 0;
  #pixels = 0;
  #changed = 0;
  #timed = 0;
  #milliseconds = 0;
  readonly worst: WorstFrame[] = [];

  constructor(readonly way: Way) {}

  add({ path }: Footage, { frames, timed, milliseconds }: WayRun, own: readonly LabelMap[]): void {
    const [{ width, height }] = frames;
    const meter = new FlickerMeter(width, height);
    for (const [index, { motion, kind, ...map }] of frames.entries()) {
      const { equal, pixels } = equalLabels(own[index], map);
      const { changed, compared } = meter.add(map.labels, motion, index === 0);
      this.#changed += compared === 0 ? 0 : changed / compared;
      this.#equal += equal;
      this.#pixels += pixels;
      if (kind === 'key') this.#keyFrames++;
      const agreement = equal / Math.max(1, pixels);
      if (!this.way.perFrame && isAmongWorst(this.worst, agreement))
        keepWorst(this.worst, { ...map, video: path, index, agreement, own: own[index].labels });
    }
    this.#frames += frames.length;
    this.#timed += timed;
    this.#milliseconds += milliseconds;
  }

  judged(pictures: ReadonlyMap<string, Uint8Array>): Judged {
    return {
      ...this.way,
      frames: this.#frames,
      keyFrameShare: this.#keyFrames / this.#frames,
      agreement: this.#equal / this.#pixels,
      flicker: this.#changed / this.#frames,
      framesPerSecond: (1000 * this.#timed) / this.#milliseconds,
      worst: this.worst.flatMap((frame) => {
        const pixels = pictures.get(placeOf(frame));
        return pixels ? [{ ...frame, pixels }] : [];
      }),
    };
  }
}

const placeOf = ({ video, index }: { readonly video: string; readonly index: number }): string =>
  `${index} ${video}`;

/** The pictures of frames that are shown, by {@link placeOf}. */
async function picturesOf(
  footage: readonly Footage[],
  shown: readonly WorstFrame[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  for (const { path, scale, split } of footage) {
    const wanted = new Set(shown.flatMap(({ video, index }) => (video === path ? [index] : [])));
    if (wanted.size === 0) continue;
    await using video = await openVideo(path, { scale, start: split, signal });
    let index = 0;
    for await (const frame of video) {
      if (wanted.delete(index)) pictures.set(placeOf({ video: path, index }), frame.pixels);
      else video.recycle(frame);
      index++;
      if (wanted.size === 0) break;
    }
  }
  return pictures;
}

const isAmongWorst = (worst: readonly WorstFrame[], agreement: number): boolean =>
  worst.length < WORST || agreement < worst[worst.length - 1].agreement;

/** Neighbours look alike: of a group there is one. */
function keepWorst(shown: WorstFrame[], frame: WorstFrame): void {
  const near = shown.findIndex(
    ({ video, index }) =>
      video === frame.video && Math.floor(index / GROUP) === Math.floor(frame.index / GROUP),
  );
  if (near >= 0 && shown[near].agreement <= frame.agreement) return;
  if (near >= 0) shown.splice(near, 1);
  shown.push(frame);
  shown.sort((a, b) => a.agreement - b.agreement);
  shown.splice(WORST);
}
