/** CamVid's 32 colours (Brostow, Fauqueur, Cipolla 2009) and SegNet's grouping of them into 11 classes. */
import { CAMVID, IGNORE_LABEL } from '@twnet/core/classes';
import { type ColourCoding, colourKey } from '@twnet/node/images/label-coding';

type Colour = readonly [red: number, green: number, blue: number];

/** Original name, colour in `label_colors.txt`, class of the 11; no class: void. */
export const CAMVID_COLOURS: readonly (readonly [name: string, colour: Colour, group?: string])[] = [
  ['Animal', [64, 128, 64], 'pedestrian'],
  ['Archway', [192, 0, 128], 'building'],
  ['Bicyclist', [0, 128, 192], 'bicyclist'],
  ['Bridge', [0, 128, 64], 'building'],
  ['Building', [128, 0, 0], 'building'],
  ['Car', [64, 0, 128], 'car'],
  ['CartLuggagePram', [64, 0, 192], 'pedestrian'],
  ['Child', [192, 128, 64], 'pedestrian'],
  ['Column_Pole', [192, 192, 128], 'pole'],
  ['Fence', [64, 64, 128], 'fence'],
  ['LaneMkgsDriv', [128, 0, 192], 'road'],
  ['LaneMkgsNonDriv', [192, 0, 64], 'road'],
  ['Misc_Text', [128, 128, 64], 'sign'],
  ['MotorcycleScooter', [192, 0, 192], 'bicyclist'],
  ['OtherMoving', [128, 64, 64], 'car'],
  ['ParkingBlock', [64, 192, 128], 'pavement'],
  ['Pedestrian', [64, 64, 0], 'pedestrian'],
  ['Road', [128, 64, 128], 'road'],
  ['RoadShoulder', [128, 128, 192], 'pavement'],
  ['Sidewalk', [0, 0, 192], 'pavement'],
  ['SignSymbol', [192, 128, 128], 'sign'],
  ['Sky', [128, 128, 128], 'sky'],
  ['SUVPickupTruck', [64, 128, 192], 'car'],
  ['TrafficCone', [0, 0, 64], 'pole'],
  ['TrafficLight', [0, 64, 64], 'sign'],
  ['Train', [192, 64, 128], 'car'],
  ['Tree', [128, 128, 0], 'tree'],
  ['Truck_Bus', [192, 128, 192], 'car'],
  ['Tunnel', [64, 0, 64], 'building'],
  ['VegetationMisc', [192, 192, 0], 'tree'],
  ['Void', [0, 0, 0]],
  ['Wall', [64, 192, 0], 'building'],
];

export const CAMVID_COLOUR_CODING: ColourCoding = {
  kind: 'colours',
  trainIds: new Map(
    CAMVID_COLOURS.map(([, colour, group]) => [
      colourKey(...colour),
      group === undefined ? IGNORE_LABEL : CAMVID.classes.indexOf(group),
    ]),
  ),
  allowed: "CamVid's 32 colours are those of its label_colors.txt",
};
