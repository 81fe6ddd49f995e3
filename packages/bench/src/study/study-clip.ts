/** Labelled clips that a study measures on: folders of frames, and streets that are rendered. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { StreetScene } from '@twnet/street/street-scene';
import { loadStill, openFrameFolder } from '@twnet/train/data/camvid';
import { type LabelledClip, loadLabelledClip } from '../accuracy/labelled-clip.js';
import { publicName } from '../stamp/stamp.js';
import { digestOf } from './study-model.js';

export interface StudyClip {
  readonly name: string;
  /** What it is, for the reader. */
  readonly about: string;
  readonly classes: readonly string[] | undefined;
  readonly digest: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Options of `twnet benchmark clip` that give it. */
  readonly options: string;
  /** Command that makes it first. */
  readonly preparation?: string;
  load(): Promise<LabelledClip>;
}

/** A folder with `images/` and `labels/`, of the same names: consecutive frames, each labelled. */
export async function folderClip(folder: string): Promise<StudyClip> {
  const images = join(folder, 'images');
  const labels = join(folder, 'labels');
  const files = await openFrameFolder(images, labels);
  const hashes = await Promise.all(
    files.flatMap(({ imagePath, labelPath }) => [imagePath, labelPath]).map((path) => readFile(path)),
  );
  const { width, height } = await loadStill(files[0]);
  return {
    width,
    height,
    frames: files.length,
    name: basename(resolve(folder)),
    about: `${files.length} consecutive labelled frames of ${basename(resolve(folder))}`,
    classes: undefined,
    digest: digestOf(hashes),
    options: `--images ${publicName(images)} --labels ${publicName(labels)}`,
    load: once(() => loadLabelledClip(images, labels)),
  };
}

export interface StreetClipSettings {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Frames a second of rendered streets. */
const FRAME_RATE = 15;
/** Counts up when the renderer draws otherwise. */
const RENDERER = 1;

/** A street of CamVid's classes with exact labels. */
export function streetClip({ seed, width, height, frames }: StreetClipSettings): StudyClip {
  if (width % 2 === 1 || height % 2 === 1) {
    throw new InputError(`streets of ${width}×${height}: the MPEG-4 encoder takes even sizes`);
  }
  return {
    name: `street-${seed}`,
    about: `${frames} rendered frames of street ${seed} at ${FRAME_RATE} Hz, exact labels`,
    width,
    height,
    frames,
    classes: CAMVID.classes,
    options: `--images street-${seed}/images/train --labels street-${seed}/labels/train`,
    preparation: `twnet data street -o street-${seed}/ --seed ${seed} --seconds ${(frames / FRAME_RATE).toFixed(2)} --size ${width}x${height}`,
    digest: digestOf([JSON.stringify({ RENDERER, FRAME_RATE, seed, width, height, frames })]),
    load: once(async () => {
      const scene = new StreetScene({ width, height, seed, frameRate: FRAME_RATE });
      const rendered = [...scene.frames(frames)];
      return {
        width,
        height,
        frames: rendered.map(({ pixels }) => pixels),
        labels: rendered.map(({ labels }) => labels),
      };
    }),
  };
}

/** Clips are small and are measured many times. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
