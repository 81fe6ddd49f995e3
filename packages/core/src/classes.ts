/** Class tables: names, colours for pictures, categories, and which label value is ignored. */

/** A group of classes that is scored as one. */
export interface Category {
  readonly name: string;
  /** Class ids. */
  readonly classes: readonly number[];
}

export interface ClassTable {
  readonly name: string;
  readonly classes: readonly string[];
  /** One RGB colour a class, 0..255. */
  readonly palette: readonly (readonly [number, number, number])[];
  /** Each class is in one of them; without where a data set defines none. */
  readonly categories?: readonly Category[];
}

/** The label value that losses and metrics leave out. */
export const IGNORE_LABEL = 255;

/** Cityscapes' seven categories (cityscapesScripts, helpers/labels.py), in train ids. */
export const CITYSCAPES_CATEGORIES: readonly Category[] = [
  { name: 'flat', classes: [0, 1] },
  { name: 'construction', classes: [2, 3, 4] },
  { name: 'object', classes: [5, 6, 7] },
  { name: 'nature', classes: [8, 9] },
  { name: 'sky', classes: [10] },
  { name: 'human', classes: [11, 12] },
  { name: 'vehicle', classes: [13, 14, 15, 16, 17, 18] },
];

/**
 * Cityscapes' categories in CamVid's classes, which come without any: each class goes where Cityscapes has its
 * namesake (a fence is construction). A bicyclist holds the bicycle too and is human, as Cityscapes' rider is.
 */
export const CAMVID_CATEGORIES: readonly Category[] = [
  { name: 'flat', classes: [3, 4] },
  { name: 'construction', classes: [1, 7] },
  { name: 'object', classes: [2, 6] },
  { name: 'nature', classes: [5] },
  { name: 'sky', classes: [0] },
  { name: 'human', classes: [9, 10] },
  { name: 'vehicle', classes: [8] },
];

/**
 * CamVid's 11 classes in SegNet's order; 11 in its label files means void. The colours are not CamVid's, of which car,
 * pavement, fence and road look alike: drawn over a picture, these can be told apart by every kind of eye
 * (tools/checks/find-palette.ts found them; test/palette.test.ts holds them to it).
 */
export const CAMVID: ClassTable = {
  name: 'camvid',
  classes: [
    'sky',
    'building',
    'pole',
    'road',
    'pavement',
    'tree',
    'sign',
    'fence',
    'car',
    'pedestrian',
    'bicyclist',
  ],
  palette: [
    [86, 205, 255],
    [92, 50, 0],
    [255, 255, 163],
    [164, 75, 255],
    [156, 186, 148],
    [28, 152, 0],
    [249, 192, 0],
    [24, 0, 6],
    [0, 0, 207],
    [198, 42, 135],
    [186, 255, 255],
  ],
  categories: CAMVID_CATEGORIES,
};

/** Cityscapes' 19 train ids, in the colours that people and programs know them by. */
export const CITYSCAPES: ClassTable = {
  name: 'cityscapes',
  classes: [
    'road',
    'sidewalk',
    'building',
    'wall',
    'fence',
    'pole',
    'traffic light',
    'traffic sign',
    'vegetation',
    'terrain',
    'sky',
    'person',
    'rider',
    'car',
    'truck',
    'bus',
    'train',
    'motorcycle',
    'bicycle',
  ],
  palette: [
    [128, 64, 128],
    [244, 35, 232],
    [70, 70, 70],
    [102, 102, 156],
    [190, 153, 153],
    [153, 153, 153],
    [250, 170, 30],
    [220, 220, 0],
    [107, 142, 35],
    [152, 251, 152],
    [70, 130, 180],
    [220, 20, 60],
    [255, 0, 0],
    [0, 0, 142],
    [0, 0, 70],
    [0, 60, 100],
    [0, 80, 100],
    [0, 0, 230],
    [119, 11, 32],
  ],
  categories: CITYSCAPES_CATEGORIES,
};

/** The tables by name, for `--classes`. */
export const CLASS_TABLES: Readonly<Record<string, ClassTable>> = { camvid: CAMVID, cityscapes: CITYSCAPES };

/** The categories of a model's classes; none for classes of one's own. */
export function categoriesOf(classes: readonly string[]): readonly Category[] {
  const table = Object.values(CLASS_TABLES).find((known) => known.classes.join() === classes.join());
  return table?.categories ?? [];
}
