/** Labels pictures with the teacher, and keeps the labels in the run's folder, from where a resumed run takes them. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IGNORE_LABEL } from '@twnet/core/classes';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { loadLabels } from '@twnet/node/images/label-image';
import { labelPng } from '@twnet/node/output/label-png';
import type { Still } from '../data/camvid.js';
import { sharedStill } from '../data/shared-still.js';
import type { UnlabelledPicture } from '../data/unlabelled.js';
import type { Labeller } from '../run/labeller.js';

export interface PseudoLabelOptions {
  /** Folder of the labels; what it holds of other settings goes. */
  readonly folder: string;
  /** All that the labels depend on beside the pictures. */
  readonly settings: object;
  /** At which the teacher sees a picture. */
  readonly scaleOf: (picture: UnlabelledPicture) => number;
  /** Pixels of which the teacher is less sure are ignored. */
  readonly confidence: number;
  readonly signal?: AbortSignal;
  readonly onPicture?: (done: number) => void;
}

/** Pictures of each source with the teacher's labels, in their order. */
export async function pseudoLabelled(
  sources: readonly (readonly UnlabelledPicture[])[],
  labeller: Labeller,
  options: PseudoLabelOptions,
): Promise<Still[][]> {
  const { folder, scaleOf, confidence, signal, onPicture } = options;
  await prepareFolder(options);
  let done = 0;
  const labelled: Still[][] = [];
  for (const [number, pictures] of sources.entries()) {
    const stills: Still[] = [];
    for (const [position, picture] of pictures.entries()) {
      signal?.throwIfAborted();
      const path = join(folder, `${number}-${String(position).padStart(5, '0')}.png`);
      const labels =
        (await keptLabels(path, picture)) ??
        (await newLabels(path, picture, labeller, scaleOf(picture), confidence));
      const { name, width, height, pixels } = picture;
      stills.push(sharedStill({ name, width, height, pixels, labels }));
      onPicture?.(++done);
    }
    labelled.push(stills);
  }
  return labelled;
}

async function prepareFolder({ folder, settings }: PseudoLabelOptions): Promise<void> {
  const path = join(folder, 'settings.json');
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(path, text);
}

async function keptLabels(path: string, { width, height }: UnlabelledPicture) {
  if (!existsSync(path)) return undefined;
  const kept = await loadLabels(path).catch(() => undefined);
  return kept?.width === width && kept.height === height ? kept.labels : undefined;
}

async function newLabels(
  path: string,
  picture: UnlabelledPicture,
  labeller: Labeller,
  scale: number,
  least: number,
): Promise<Uint8Array> {
  const { labels, confidence } = await labeller.label(picture, scale);
  for (let i = 0; i < labels.length; i++) if (confidence[i] < least) labels[i] = IGNORE_LABEL;
  await writeFileAtomic(path, await labelPng(labels, picture.width, picture.height));
  return labels;
}
