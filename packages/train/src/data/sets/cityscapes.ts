/**
 * Cityscapes (Cordts et al. 2016): `leftImg8bit/<split>/<city>/<city>_<sequence>_<frame>_leftImg8bit.png`, its
 * labels `gtFine/…_gtFine_labelIds.png`, and snippets of 30 frames in `leftImg8bit_sequence/`, of which the 20th
 * is the labelled one.
 */
import { join } from 'node:path';
import { CITYSCAPES, IGNORE_LABEL } from '@twnet/core/classes';
import { idCoding } from '@twnet/node/images/label-coding';
import { type Layout, SPLITS, type Split, type SplitListing } from './data-set.js';
import { numbered, pictureHistory } from './history.js';
import { isFolder, listPictures, pairFolders } from './listing.js';

/** Label id of each train id, in order (cityscapesScripts, helpers/labels.py). */
const LABEL_IDS = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

/** Label ids are 0 to 33; those that are not evaluated are ignored. The licence plate's −1 is stored as 255. */
const LAST_LABEL_ID = 33;

export const CITYSCAPES_CODING = idCoding(
  Array.from({ length: LAST_LABEL_ID + 1 }, (_, id) => {
    const trainId = LABEL_IDS.indexOf(id);
    return [id, trainId < 0 ? IGNORE_LABEL : trainId] as const;
  }),
  `Cityscapes' label ids are 0 to ${LAST_LABEL_ID}; give the _gtFine_labelIds.png files`,
);

const IMAGE = /^(.+\/.+)_leftImg8bit\.png$/;
const LABEL = /^(.+\/.+)_gtFine_labelIds\.png$/;

export async function openCityscapes(folder: string): Promise<Layout> {
  const splits: Split[] = [];
  for (const split of SPLITS) if (await isFolder(join(folder, 'leftImg8bit', split))) splits.push(split);
  const sequences = join(folder, 'leftImg8bit_sequence');
  return {
    kind: 'cityscapes',
    folder,
    classes: CITYSCAPES,
    splits,
    list: (split) => list(folder, split),
    history: (await isFolder(sequences)) ? snippets(sequences) : undefined,
  };
}

async function list(folder: string, split: Split): Promise<SplitListing> {
  const images = join(folder, 'leftImg8bit', split);
  // The label files that are published for test hold the frame around the picture alone.
  if (split === 'test') {
    const names = (await listPictures(images)).filter((name) => IMAGE.test(name));
    return { stills: [], unpaired: [], unlabelled: names.map((name) => join(images, name)) };
  }
  const { pairs, unpaired } = await pairFolders(
    images,
    join(folder, 'gtFine', split),
    (name) => IMAGE.exec(name)?.[1],
    (name) => LABEL.exec(name)?.[1],
  );
  const stills = pairs.map(({ key, image, label }) => {
    const name = key.slice(key.lastIndexOf('/') + 1);
    const [, sequence, frame] = /^(.+)_(\d+)$/.exec(name) ?? [undefined, name, undefined];
    return {
      name: `${name}.png`,
      sequence,
      frame: frame === undefined ? undefined : Number(frame),
      imagePath: image,
      labelPath: label,
      coding: CITYSCAPES_CODING,
    };
  });
  return { stills, unpaired };
}

/** The frames of a snippet lie in the city's folder of the still's split. */
function snippets(folder: string) {
  let open: { place: string; names: readonly string[] } | undefined;
  return pictureHistory(async (still) => {
    const [split, city] = still.imagePath.split(/[\\/]/).slice(-3);
    const place = join(folder, split, city);
    // Stills come city by city, so one listing is kept.
    if (open?.place !== place) open = { place, names: await listPictures(place) };
    const prefix = `${still.sequence}_`;
    const names = open.names.filter((name) => name.startsWith(prefix));
    return numbered(place, names, (name) => /_(\d+)_leftImg8bit\.png$/.exec(name)?.[1]);
  });
}
