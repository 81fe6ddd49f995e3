/** CamVid's class ids by name. */
import { CAMVID } from '@twnet/core/classes';

const id = (name: string): number => CAMVID.classes.indexOf(name);

export const SKY = id('sky');
export const BUILDING = id('building');
export const POLE = id('pole');
export const ROAD = id('road');
export const PAVEMENT = id('pavement');
export const TREE = id('tree');
export const SIGN = id('sign');
export const FENCE = id('fence');
export const CAR = id('car');
export const PEDESTRIAN = id('pedestrian');
export const BICYCLIST = id('bicyclist');
