/** Makes docs/images/streets.jpg: frames of generated streets, their labels below. `npx tsx tools/street-sheet.ts` */

import { CAMVID } from '@twnet/core/classes';
import { StreetScene } from '@twnet/street/street-scene';
import sharp, { type OverlayOptions } from 'sharp';

const SIZE = { width: 400, height: 300 };
const AREA = SIZE.width * SIZE.height;
/** A frame of each: sun, turning, rain, dusk, fog, overcast. */
const SHOWN = [
  [55, 4],
  [24, 45],
  [44, 4],
  [45, 4],
  [52, 4],
  [49, 4],
] as const;
const COLUMNS = 3;

const layers: OverlayOptions[] = [];
SHOWN.forEach(([seed, index], n) => {
  const { pixels, labels } = new StreetScene({ ...SIZE, seed }).frame(index);
  const picture = Buffer.alloc(3 * AREA);
  const map = Buffer.alloc(3 * AREA);
  for (let i = 0; i < AREA; i++) {
    for (let plane = 0; plane < 3; plane++) {
      picture[3 * i + plane] = pixels[plane * AREA + i];
      map[3 * i + plane] = CAMVID.palette[labels[i]][plane];
    }
  }
  const left = (n % COLUMNS) * SIZE.width;
  const top = 2 * Math.floor(n / COLUMNS) * SIZE.height;
  const raw = { ...SIZE, channels: 3 as const };
  layers.push({ input: picture, raw, left, top }, { input: map, raw, left, top: top + SIZE.height });
});
const canvas = {
  width: COLUMNS * SIZE.width,
  height: 2 * Math.ceil(SHOWN.length / COLUMNS) * SIZE.height,
  channels: 3 as const,
  background: '#000',
};
const target = new URL('../docs/images/streets.jpg', import.meta.url);
await sharp(await sharp({ create: canvas }).composite(layers).png().toBuffer())
  .jpeg({ quality: 70, mozjpeg: true })
  .toFile(target.pathname);
