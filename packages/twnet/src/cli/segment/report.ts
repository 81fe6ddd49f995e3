/** What `twnet segment` says about a run: as JSON, and as lines for a person. */
import type { ModelCard } from '@twnet/core/model/model-card';
import { hasNetwork, isBidirectional, operatingPoint, speedsOf } from '@twnet/core/model/operating-points';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import type { Speed } from '@twnet/core/network/operating-point';
import type { ClassSummary } from '@twnet/core/segment/class-areas';
import { LOOKAHEAD } from '@twnet/core/segment/lookahead';
import type { StageTimes } from '@twnet/core/segment/stats';
import type { MotionSource } from '@twnet/node/motion/motion-source';
import type { SegmentationStats } from '@twnet/node/output/write-segmentation';
import type { Loss, LossTotals } from '@twnet/node/video/losses';
import type { Video } from '@twnet/node/video/open-video';
import { formatKeyFrameRule } from '../key-frame-option.js';
import { notesOf } from '../video-notes.js';
import { type WrittenOutput, writtenLines } from '../written.js';
import type { SegmentFlags } from './flags.js';

export interface SegmentReport extends SegmentationStats {
  readonly input: string;
  readonly codec: string;
  readonly container: string;
  /** Of the video, pixels. */
  readonly width: number;
  readonly height: number;
  /** Share of it that the networks worked on. */
  readonly scale: number;
  /** Of the pictures that the key-frame network worked on, pixels. */
  readonly workingSize: { readonly width: number; readonly height: number };
  /** Groups of pictures worked on at a time. */
  readonly parallel: number;
  /** Where the video's vectors come from, and which motion was used: --motion as given. */
  readonly motionSource: 'codec' | 'estimate';
  readonly motion: string;
  readonly model: string;
  /** The decoder layer or operating point; null where the model has none such, and for the per-frame network. */
  readonly layer: WarpLayer | null;
  readonly speed: Speed | null;
  readonly keyFrames: string;
  /** null: no cap. */
  readonly maxDistance: number | null;
  /** Frames that could wait for the key frame after them; null where they are warped from the one before alone. */
  readonly lookahead: number | null;
  /** What the person should know of the input and of what was written, a sentence each. */
  readonly notes: readonly string[];
  /** Parts of the input that could not be decoded. */
  readonly losses: readonly Loss[];
  /** All of them added up. */
  readonly lossTotals: LossTotals;
  /** Stopped by Ctrl-C: the outputs hold the frames up to then. */
  readonly interrupted?: boolean;
  /** What was written. */
  readonly outputs: readonly WrittenOutput[];
}

export function makeReport(
  input: string,
  video: Video,
  motion: MotionSource,
  card: ModelCard,
  flags: SegmentFlags,
  stats: SegmentationStats,
  notesOfOutput: readonly string[] = [],
): Omit<SegmentReport, 'outputs'> {
  const { perFrame, keyFrames, maxDistance, lookahead = LOOKAHEAD, parallel } = flags;
  const { codec, container, fullWidth, fullHeight, keyWidth, keyHeight, scale, motionSource } = video.info;
  const point = perFrame ? null : operatingPoint(card, flags);
  return {
    input,
    codec,
    container,
    width: fullWidth,
    height: fullHeight,
    scale,
    workingSize: { width: keyWidth, height: keyHeight },
    parallel,
    motionSource,
    motion: motion.name,
    model: card.name,
    layer: typeof point === 'number' ? point : null,
    speed: speedsOf(card).find((speed) => speed === point) ?? null,
    keyFrames: perFrame ? 'every:1' : formatKeyFrameRule(keyFrames),
    maxDistance: maxDistance ?? null,
    lookahead: point !== null && isBidirectional(card, point) ? lookahead : null,
    ...stats,
    notes: [...notesOf(video), ...notesOfMethod(card, flags), ...notesOfOutput],
    losses: video.losses,
    lossTotals: video.lossTotals,
  };
}

/** What the person should know of how non-key frames were made. */
export function notesOfMethod(card: ModelCard, { perFrame }: Pick<SegmentFlags, 'perFrame'>): string[] {
  if (perFrame || !card.imported || speedsOf(card).some((speed) => hasNetwork(card, speed))) return [];
  return [`${card.name} is imported and not adapted: between key frames, its scores are only warped`];
}

export function formatReport(figures: SegmentReport): string {
  const { frames, keyFramesBy, seconds, framesPerSecond } = figures;
  if (frames.total === 0) return `${figures.input}: no frame was segmented\n`;
  const lines = [
    `${figures.input}: ${figures.codec}, ${figures.width}×${figures.height}, model ${figures.model}${methodOf(figures)}`,
    `${frames.total} frames (${frames.I} I, ${frames.P} P, ${frames.B} B; ${frames.key} key, ` +
      `${frames.nonKey} non-key) in ${seconds.toFixed(1)} s, ${framesPerSecond.toFixed(1)} a second`,
    `key frames (${figures.keyFrames}): ${Object.entries(keyFramesBy)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ')}`,
    tableRow('ms a frame', ['decode', 'motion', 'network', 'labels', 'write']),
  ];
  const times = (name: string, stages: StageTimes | null) => {
    if (!stages) return;
    const { decode, motion, network, labels, write } = stages;
    lines.push(
      tableRow(
        name,
        [decode, motion, network, labels, write].map((ms) => ms.toFixed(1)),
      ),
    );
  };
  times('key', figures.millisecondsPerKeyFrame);
  times('non-key', figures.millisecondsPerNonKeyFrame);
  lines.push(...classLines(figures.classes));
  return `${lines.join('\n')}\n${writtenLines(figures.outputs)}`;
}

/** Operating point and working scale, where the model has the one or pictures the other. */
function methodOf({ speed, scale, workingSize: { width, height } }: SegmentReport): string {
  const size = scale === 1 ? '' : `, at ${width}×${height} (scale ${Number(scale.toFixed(3))})`;
  return `${speed === null ? '' : `, ${speed}`}${size}`;
}

/** What was seen of each class, the largest first. */
function classLines(classes: readonly ClassSummary[]): string[] {
  const seen = classes.filter(({ frames }) => frames > 0);
  const unseen = classes.filter(({ frames }) => frames === 0).map(({ name }) => name);
  const percent = (share: number | null) => (100 * (share ?? 0)).toFixed(1);
  return [
    ...(seen.length > 0 ? [tableRow('class', ['mean %', 'most %', 'frames', 'first s', 'last s'])] : []),
    ...seen
      .toSorted((a, b) => (b.meanShare ?? 0) - (a.meanShare ?? 0))
      .map(({ name, meanShare, largestShare, frames, firstSeen, lastSeen }) =>
        tableRow(name, [
          ...[percent(meanShare), percent(largestShare), String(frames)],
          ...[firstSeen, lastSeen].map((time) => (time ?? 0).toFixed(2)),
        ]),
      ),
    ...(unseen.length > 0 ? [`not seen: ${unseen.join(', ')}`] : []),
  ];
}

function tableRow(name: string, cells: readonly string[]): string {
  return name.padEnd(14) + cells.map((cell) => cell.padStart(9)).join('');
}
