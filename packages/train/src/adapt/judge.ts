/** What ways to segment footage give beside the network on every frame: how many labels agree, flicker, frames a second. */
import { IGNORE_LABEL } from '@twnet/core/classes';
import { FlickerMeter } from '@twnet/core/metrics/flicker';
import type { Speed } from '@twnet/core/network/operating-point';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import { loadNetworks } from '@twnet/node/networks/networks';
import { openVideo } from '@twnet/node/video/open-video';
import { type Footage, GROUP } from './footage.js';

/** A way to segment. */
export interface Way {
  readonly name: string;
  /** As `twnet segment` takes it. */
  readonly options: string;
  readonly perFrame?: boolean;
  readonly speed?: Speed;
  /** Default: one in {@link GROUP}. */
  readonly keyFrames?: KeyFrameRule;
  /** Between key frames the scores are only warped. */
  readonly warpAlone?: boolean;
  /** Of the sides that frames have for the network. */
  readonly share?: number;
}

/** A frame on which a way and the network differ. */
export interface ShownFrame {
  readonly video: string;
  readonly index: number;
  readonly agreement: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly own: Uint8Array;
  readonly labels: Uint8Array;
}

export interface Judged extends Way {
  readonly frames: number;
  /** Share of frames that the network itself sees. */
  readonly keyFrameShare: number;
  /** Share of pixels that have the network's own labels. */
  readonly agreement: number;
  /** Share of pixels whose label changes along the motion from one frame to the next. */
  readonly flicker: number;
  readonly framesPerSecond: number;
  /** Those that agree the least, of different videos first. */
  readonly worst: readonly ShownFrame[];
}

/** Frames of a video that are judged, at most. */
const MOST_FRAMES = 5 * GROUP;
/** Whatever time there is. */
const LEAST_FRAMES = 2 * GROUP;
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
  const own = new Map<string, { labels: Uint8Array; width: number; height: number }>();
  const results: Judged[] = [];
  /** Frames of each video that the network itself was run on. */
  const counts = new Map<string, number>();
  for (const way of ways) {
    onWay?.(way.name);
    const tally = { frames: 0, keyFrames: 0, equal: 0, pixels: 0, changed: 0, milliseconds: 0 };
    const shown: ShownFrame[] = [];
    for (const { path, scale, split } of footage) {
      await using video = await openVideo(path, { scale: scale * (way.share ?? 1), start: split, signal });
      const { info } = video;
      await using networks = await loadNetworks(model, {
        ...sizesFor(model.card, info),
        ...{ threads, perFrame: way.perFrame, speed: way.speed, warpAlone: way.warpAlone },
      });
      const { width, height } = info;
      const meter = new FlickerMeter(width, height);
      const opened = performance.now();
      let begun = opened;
      let count = 0;
      const options = way.perFrame
        ? { signal }
        : { keyFrames: way.keyFrames ?? ({ mode: 'every', n: GROUP } as const), signal };
      for await (const { frame, labels, kind } of segmentVideo(video, networks, options)) {
        tally.milliseconds += performance.now() - begun;
        if (kind === 'key') tally.keyFrames++;
        const name = `${path} ${count}`;
        const reference = own.get(name) ?? { labels: labels.slice(), width, height };
        own.set(name, reference);
        const { equal, pixels } = compared(reference, labels, width, height);
        tally.equal += equal;
        tally.pixels += pixels;
        const { changed, compared: followed } = meter.add(labels, frame.motion, count === 0);
        tally.changed += followed === 0 ? 0 : changed / followed;
        const agreement = equal / Math.max(1, pixels);
        if (!way.perFrame && isAmongWorst(shown, agreement))
          keepWorst(shown, {
            ...{ video: path, index: count, agreement, width, height },
            ...{ pixels: frame.pixels.slice(), own: reference.labels, labels },
          });
        tally.frames++;
        count++;
        const isLate = count >= LEAST_FRAMES && performance.now() - opened > milliseconds / footage.length;
        if (count === (counts.get(path) ?? MOST_FRAMES) || (isLate && !counts.has(path))) break;
        begun = performance.now();
      }
      if (!counts.has(path)) counts.set(path, count);
    }
    results.push({
      ...way,
      frames: tally.frames,
      keyFrameShare: tally.keyFrames / tally.frames,
      agreement: tally.equal / tally.pixels,
      flicker: tally.changed / tally.frames,
      framesPerSecond: (1000 * tally.frames) / tally.milliseconds,
      worst: shown,
    });
  }
  return results;
}

/** Pixels of the reference, each beside the label at its place. */
function compared(
  reference: { labels: Uint8Array; width: number; height: number },
  labels: Uint8Array,
  width: number,
  height: number,
): { equal: number; pixels: number } {
  let [equal, pixels] = [0, 0];
  for (let y = 0, i = 0; y < reference.height; y++) {
    const row = Math.floor(((y + 0.5) * height) / reference.height) * width;
    for (let x = 0; x < reference.width; x++, i++) {
      const wanted = reference.labels[i];
      if (wanted === IGNORE_LABEL) continue;
      pixels++;
      if (labels[row + Math.floor(((x + 0.5) * width) / reference.width)] === wanted) equal++;
    }
  }
  return { equal, pixels };
}

const isAmongWorst = (shown: readonly ShownFrame[], agreement: number): boolean =>
  shown.length < WORST || agreement < shown[shown.length - 1].agreement;

/** Neighbours look alike: of a group there is one. */
function keepWorst(shown: ShownFrame[], frame: ShownFrame): void {
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
