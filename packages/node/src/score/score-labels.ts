/** Scoring label maps sequence by sequence. */
import { basename } from 'node:path';
import type { ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { BoundaryBand } from '@twnet/core/metrics/boundary-band';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { VideoConsistency } from '@twnet/core/metrics/video-consistency';
import { type LabelPair, type LoadedPair, loadLabelPair } from './label-folders.js';

export interface ScoreOptions {
  /** Half width of the band along boundaries to score as well, pixels. */
  readonly boundary?: number;
  /** Takes each sequence for a video and measures VC8 and VC16. */
  readonly consistency?: boolean;
  /** Cuts sequences into stretches of so many pictures, the last one being what is left. */
  readonly block?: number;
}

/** The confusion matrices of one sequence, or of a stretch of one. */
export interface SequenceScore {
  readonly name: string;
  readonly pictures: number;
  readonly matrix: ConfusionMatrix;
  /** Of the pixels near a boundary alone. */
  readonly boundary?: ConfusionMatrix;
}

export interface LabelScores {
  readonly sequences: readonly SequenceScore[];
  /** NaN where no sequence is long enough. */
  readonly videoConsistency?: { readonly vc8: number; readonly vc16: number };
}

/**
 * Scores predicted label maps against true ones. Sequences are told by the names of the true ones, see
 * {@link sequenceName}; a sequence's pictures are taken in the order of the numbers in their names.
 *
 * @param onPicture called after each picture with how many are done
 * @throws InputError for what {@link loadLabelPair} refuses, and for a video whose frames differ in size
 */
export async function scoreLabels(
  pairs: readonly LabelPair[],
  table: ClassTable,
  { boundary, consistency = false, block = Number.POSITIVE_INFINITY }: ScoreOptions = {},
  onPicture?: (done: number) => void,
): Promise<LabelScores> {
  const classes = table.classes.length;
  const video = consistency ? new VideoConsistency() : undefined;
  const bandOf = boundary === undefined ? undefined : bands(boundary);
  const sequences: SequenceScore[] = [];
  let done = 0;
  for (const [name, members] of groupBySequence(pairs, table)) {
    video?.endVideo();
    let size: string | undefined;
    for (let start = 0; start < members.length; start += block) {
      const stretch = members.slice(start, start + block);
      const matrix = new ConfusionMatrix(classes);
      const band = bandOf && new ConfusionMatrix(classes);
      for (const pair of stretch) {
        const loaded = await loadLabelPair(pair, table);
        matrix.add(loaded.prediction, loaded.truth);
        if (bandOf) band?.add(loaded.prediction, bandOf(loaded));
        if (video) {
          size ??= sizeOf(loaded);
          if (size !== sizeOf(loaded)) {
            throw new InputError(
              `${pair.truth} is ${sizeOf(loaded)}, the frames of its sequence before it ${size}; consistency is measured on frames of one size`,
            );
          }
          video.add(loaded.prediction, loaded.truth);
        }
        onPicture?.(++done);
      }
      sequences.push({ name, pictures: stretch.length, matrix, boundary: band });
    }
  }
  const [vc8, vc16] = video?.means() ?? [];
  return { sequences, videoConsistency: video && { vc8, vc16 } };
}

/** The same in one confusion matrix, and nothing else. */
export async function scoreLabelPairs(
  pairs: readonly LabelPair[],
  table: ClassTable,
  onPicture?: (done: number) => void,
): Promise<ConfusionMatrix> {
  const { sequences } = await scoreLabels(pairs, table, {}, onPicture);
  return sumMatrices(sequences.map(({ matrix }) => matrix));
}

/** The sum of at least one matrix. */
export function sumMatrices(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  const sum = new ConfusionMatrix(matrices[0].classes);
  for (const matrix of matrices) sum.merge(matrix);
  return sum;
}

/**
 * The sequence that a label map's name tells: what comes before the first `_` (CamVid's `0016E5_07959.png` is of
 * the drive 0016E5), for Cityscapes before the second (`frankfurt_000001_007973_…`). Names without one are all
 * of one sequence.
 */
export function sequenceName(name: string, table: ClassTable): string {
  const parts = name.split('_');
  const counted = table.name === 'cityscapes' ? 2 : 1;
  return parts.length > counted ? parts.slice(0, counted).join('_') : '';
}

/** Pairs by the sequences of their true label maps, each in the order of the numbers in their names. */
export function groupBySequence(pairs: readonly LabelPair[], table: ClassTable): Map<string, LabelPair[]> {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const groups = new Map<string, LabelPair[]>();
  for (const pair of pairs) {
    const name = sequenceName(basename(pair.truth), table);
    const group = groups.get(name);
    if (group) group.push(pair);
    else groups.set(name, [pair]);
  }
  for (const group of groups.values()) group.sort((a, b) => compare(basename(a.truth), basename(b.truth)));
  return groups;
}

/** Bands of pictures, whose sizes may change. */
function bands(distance: number): (picture: LoadedPair) => Uint8Array {
  let band: BoundaryBand | undefined;
  let size = '';
  return (picture) => {
    if (band === undefined || size !== sizeOf(picture)) {
      band = new BoundaryBand(picture.width, picture.height, distance);
      size = sizeOf(picture);
    }
    return band.of(picture.truth);
  };
}

function sizeOf({ width, height }: LoadedPair): string {
  return `${width}×${height}`;
}
