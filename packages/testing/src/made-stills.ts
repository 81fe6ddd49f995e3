/** Test support: small labelled stills made on the spot. */

import { seededRandom } from '@twnet/core/random';
import type { Still } from '@twnet/train/data/camvid';

/** A textured ground (road below, sky above) with a car in the middle. */
export function madeStill(width: number, height: number, seed = 1): Still {
  const random = seededRandom(seed);
  const area = width * height;
  const pixels = new Uint8Array(3 * area);
  const labels = new Uint8Array(area);
  const tint = [random() * 60, random() * 60, random() * 60];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const car = Math.abs(x - width / 2) < width / 10 && Math.abs(y - height * 0.6) < height / 10;
      labels[i] = car ? 8 : y > height / 2 ? 3 : 0;
      const texture = 30 * Math.sin(0.4 * x + 0.1 * y) + 20 * Math.sin(0.35 * y) + (car ? 60 : 0);
      for (let plane = 0; plane < 3; plane++) pixels[plane * area + i] = 90 + tint[plane] + texture;
    }
  }
  return { name: `still-${seed}`, width, height, pixels, labels };
}
