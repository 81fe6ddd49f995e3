/**
 * Looks for colours of CamVid's classes that can be told apart by every kind of eye at half opacity: the least distance
 * of neighbours made as large as it gets, starting from colours that say what they mean (a sky is light blue) and
 * staying near their hues.
 *
 *     npx tsx tools/checks/find-palette.ts [steps]
 */
import { CAMVID } from '@twnet/core/classes';
import { type Colour, leastApart, NEIGHBOURS, seen } from '../../test/colour-vision.js';

const START: Record<string, Colour> = {
  sky: [170, 220, 255],
  building: [130, 50, 40],
  pole: [255, 255, 170],
  road: [100, 60, 150],
  pavement: [255, 150, 200],
  tree: [50, 150, 50],
  sign: [255, 160, 0],
  fence: [0, 40, 40],
  car: [0, 70, 255],
  pedestrian: [255, 20, 60],
  bicyclist: [0, 235, 235],
};
/** Farthest that a colour may go from where it starts, in OKLab. */
const LEASH = Number(process.argv[3] ?? 16);

const names = CAMVID.classes;
const neighbour = new Set(NEIGHBOURS.map(([a, b]) => `${names.indexOf(a)},${names.indexOf(b)}`));
const isNeighbour = (a: number, b: number) => neighbour.has(`${a},${b}`) || neighbour.has(`${b},${a}`);
const start = names.map((name) => START[name]);
const home = start.map((colour) => seen(colour, 'normal'));
const far = (colour: Colour, i: number) => {
  const now = seen(colour, 'normal');
  return Math.hypot(...now.map((v, k) => v - home[i][k]));
};

/** The soft minimum of the distances of one colour to the others; pairs that never meet may be two thirds as far. */
function cost(palette: readonly Colour[], i: number): number {
  let sum = 0;
  for (let j = 0; j < palette.length; j++) {
    if (j === i) continue;
    const { distance } = leastApart(palette[i], palette[j]);
    sum += Math.exp(-(isNeighbour(i, j) ? distance : 1.5 * distance));
  }
  return sum;
}

const palette = [...start];
const steps = Number(process.argv[2] ?? 3000);
let seed = 7;
const random = () => {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32;
  return seed / 2 ** 32;
};
for (let step = 0; step < steps; step++) {
  const i = Math.floor(random() * palette.length);
  const reach = 60 * (1 - step / steps) + 6;
  const tried = palette[i].map((v) =>
    Math.round(Math.min(255, Math.max(0, v + (2 * random() - 1) * reach))),
  ) as unknown as Colour;
  if (far(tried, i) > LEASH) continue;
  const before = cost(palette, i);
  const old = palette[i];
  palette[i] = tried;
  if (cost(palette, i) > before) palette[i] = old;
}

const distances = (all: boolean) =>
  names.flatMap((_, i) =>
    names.slice(i + 1).flatMap((_, k) => {
      const j = i + 1 + k;
      return all !== isNeighbour(i, j) ? [{ i, j, ...leastApart(palette[i], palette[j]) }] : [];
    }),
  );
for (const [what, all] of [
  ['neighbours', false],
  ['others', true],
] as const) {
  const sorted = distances(all).sort((a, b) => a.distance - b.distance);
  process.stdout.write(`${what}: least distances\n`);
  for (const { i, j, distance, vision } of sorted.slice(0, 6))
    process.stdout.write(`  ${names[i]} and ${names[j]}: ${distance.toFixed(1)} (${vision})\n`);
}
process.stdout.write(`${palette.map((colour, i) => `${names[i]}: [${colour.join(', ')}]`).join('\n')}\n`);
