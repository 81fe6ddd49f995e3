/** Tiny data sets of every layout, for tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

export const WIDTH = 32;
export const HEIGHT = 16;

/** A picture of one colour. */
export async function writePicture(
  path: string,
  colour: readonly [number, number, number] = [10, 20, 30],
  width = WIDTH,
  height = HEIGHT,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const [r, g, b] = colour;
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toFile(path);
}

/** A label map whose pixels go through `values` in turn. */
export async function writeIds(
  path: string,
  values: readonly number[],
  width = WIDTH,
  height = HEIGHT,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const data = Uint8Array.from({ length: width * height }, (_, i) => values[i % values.length]);
  await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(path);
}

/** A coloured label map whose pixels go through `colours` in turn; with a palette where `palette` is true. */
export async function writeColours(
  path: string,
  colours: readonly (readonly [number, number, number])[],
  palette = false,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const data = Uint8Array.from(
    { length: WIDTH * HEIGHT * 3 },
    (_, i) => colours[Math.floor(i / 3) % colours.length][i % 3],
  );
  await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png({ palette, dither: 0 })
    .toFile(path);
}

/** Two labelled stills in train and val, a snippet of 30 frames for each, one picture in test. */
export async function makeCityscapes(folder: string): Promise<void> {
  for (const [split, city] of [
    ['train', 'aachen'],
    ['val', 'ulm'],
  ]) {
    const name = `${city}_000003_000019`;
    await writePicture(join(folder, 'leftImg8bit', split, city, `${name}_leftImg8bit.png`), [19, 0, 0]);
    await writeIds(join(folder, 'gtFine', split, city, `${name}_gtFine_labelIds.png`), [7, 33, 0, 26]);
    for (let frame = 0; frame < 30; frame++) {
      const number = String(frame).padStart(6, '0');
      const path = join(
        folder,
        'leftImg8bit_sequence',
        split,
        city,
        `${city}_000003_${number}_leftImg8bit.png`,
      );
      await writePicture(path, [frame, 0, 0]);
    }
  }
  await writePicture(join(folder, 'leftImg8bit/test/bonn/bonn_000000_000019_leftImg8bit.png'));
}

/** The name of each still of the original CamVid, of one still for each of its splits and drives. */
export const CAMVID_STILLS = [
  '0001TP_006690',
  '0001TP_010380',
  '0006R0_f00930',
  '0016E5_00390',
  '0016E5_07961',
  'Seq05VD_f00030',
];

export async function makeOriginalCamVid(folder: string): Promise<void> {
  for (const name of CAMVID_STILLS) {
    await writePicture(join(folder, '701_StillsRaw_full', `${name}.png`));
    const colours = [
      [128, 0, 192],
      [0, 0, 0],
      [64, 128, 192],
    ] as const;
    await writeColours(join(folder, 'LabeledApproved_full', `${name}_L.png`), colours);
  }
}

export const TWO_CLASSES = {
  name: 'yard',
  classes: [
    { name: 'grass', colour: [0, 200, 0] },
    { name: 'dog', colour: [120, 60, 0] },
  ],
};

/** One's own data: two classes, a sequence of five frames, the last labelled. */
export async function makePlainFolders(folder: string, classes: object = TWO_CLASSES): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'classes.json'), JSON.stringify(classes));
  await writePicture(join(folder, 'images/train/walk/000004.png'), [4, 0, 0]);
  await writeIds(join(folder, 'labels/train/walk/000004.png'), [0, 1, 255]);
  for (let frame = 0; frame < 5; frame++)
    await writePicture(join(folder, 'sequences/walk', `00000${frame}.png`), [frame, 0, 0]);
}
