/** CamVid in SegNet's layout (480×360, 11 ids) and in its original one (960×720, 32 colours, videos). */
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { SEGNET_CODING } from '../camvid.js';
import { CAMVID_COLOUR_CODING } from './camvid-colours.js';
import { type Layout, SPLITS, type Split } from './data-set.js';
import { eitherHistory, folderHistory, videoHistory } from './history.js';
import { isFolder, pairFolders, sequenceAndFrame, stem } from './listing.js';

export async function openSegNetCamVid(folder: string): Promise<Layout> {
  const splits: Split[] = [];
  for (const split of SPLITS) {
    if ((await isFolder(join(folder, split))) || (await isFolder(join(folder, `${split}annot`))))
      splits.push(split);
  }
  return {
    kind: 'camvid',
    folder,
    classes: CAMVID,
    splits,
    list: async (split) => {
      const { pairs, unpaired } = await pairFolders(
        join(folder, split),
        join(folder, `${split}annot`),
        (name) => name,
        (name) => name,
      );
      const stills = pairs.map(({ key, image, label }) => ({
        name: key,
        ...sequenceAndFrame(stem(key)),
        imagePath: image,
        labelPath: label,
        coding: SEGNET_CODING,
      }));
      return { stills, unpaired };
    },
  };
}

/** Folders of the original data set. */
const IMAGES = '701_StillsRaw_full';
const LABELS = 'LabeledApproved_full';

/** The last training frame of 0001TP; the drive's second half is for testing. */
const LAST_TRAINING_FRAME_0001TP = 8520;
/** Frames of 0016E5 that are labelled at 15 Hz (7959 to 8159): validation. */
const VALIDATION_0016E5 = [7950, 8170] as const;

/** SegNet's split of the 701 stills: 367 for training, 101 for validation, 233 for testing. */
export function camVidSplit(sequence: string, frame: number): Split {
  if (sequence === 'Seq05VD') return 'test';
  if (sequence === '0001TP') return frame <= LAST_TRAINING_FRAME_0001TP ? 'train' : 'test';
  const [first, last] = VALIDATION_0016E5;
  return sequence === '0016E5' && frame >= first && frame <= last ? 'val' : 'train';
}

export async function openOriginalCamVid(folder: string): Promise<Layout> {
  const splitOf = (path: string): Split => {
    const key = path.replace(/^.*[\\/]/, '').replace(/(_L)?\.[^.]+$/, '');
    const { sequence, frame = 0 } = sequenceAndFrame(key);
    return camVidSplit(sequence, frame);
  };
  return {
    kind: 'camvid-original',
    folder,
    classes: CAMVID,
    splits: SPLITS,
    list: async (split) => {
      const { pairs, unpaired } = await pairFolders(
        join(folder, IMAGES),
        join(folder, LABELS),
        stem,
        (name) => /^(.+)_L\.png$/i.exec(name)?.[1],
      );
      const stills = pairs.map(({ key, image, label }) => ({
        name: `${key}.png`,
        ...sequenceAndFrame(key),
        imagePath: image,
        labelPath: label,
        coding: CAMVID_COLOUR_CODING,
      }));
      const here = (path: string): boolean => splitOf(path) === split;
      return {
        stills: stills.filter(({ imagePath }) => here(imagePath)),
        unpaired: unpaired.filter(here),
      };
    },
    history: eitherHistory(
      await videoHistory(join(folder, 'videos')),
      (await isFolder(join(folder, 'sequences'))) ? folderHistory(join(folder, 'sequences')) : undefined,
    ),
  };
}

export const isOriginalCamVid = (folder: string): Promise<boolean> => isFolder(join(folder, IMAGES));
