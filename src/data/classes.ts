/** Class tables: names, colours for pictures, and which label value is ignored. */
export interface ClassTable {
  readonly name: string;
  readonly classes: readonly string[];
  /** One RGB colour a class, 0..255. */
  readonly palette: readonly (readonly [number, number, number])[];
}

/** The label value that losses and metrics leave out. */
export const IGNORE_LABEL = 255;

/** CamVid's 11 classes in SegNet's order; 11 in its label files means void. */
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
    [128, 128, 128],
    [128, 0, 0],
    [192, 192, 128],
    [128, 64, 128],
    [60, 40, 222],
    [128, 128, 0],
    [192, 128, 128],
    [64, 64, 128],
    [64, 0, 128],
    [64, 64, 0],
    [0, 128, 192],
  ],
};

/** Cityscapes' 19 train ids. */
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
};

/** The tables by name, for `--classes`. */
export const CLASS_TABLES: Readonly<Record<string, ClassTable>> = { camvid: CAMVID, cityscapes: CITYSCAPES };
