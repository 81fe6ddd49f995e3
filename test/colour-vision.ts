/** How far apart colours look, to every kind of eye: for the palettes that overlays are drawn in. */

export type Colour = readonly [number, number, number];

/** Machado, Oliveira, Fernandes 2009, severity 1, in linear RGB. */
export const VISIONS = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
export type Vision = keyof typeof VISIONS;

const linear = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

function times(m: readonly number[], [a, b, c]: Colour): Colour {
  const row = (i: number) => m[3 * i] * a + m[3 * i + 1] * b + m[3 * i + 2] * c;
  return [row(0), row(1), row(2)];
}

const LMS = [
  0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619,
  0.2817188376, 0.6299787005,
];
const LAB = [
  0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371,
  0.7827717662, -0.808675766,
];

/** sRGB, 0 to 255, as an eye sees it: OKLab (Ottosson 2020), all three times 100. */
export function seen([r, g, b]: Colour, vision: Vision): Colour {
  const light = times(VISIONS[vision], [linear(r), linear(g), linear(b)]);
  const [l, m, s] = times(LMS, light.map((v) => Math.min(1, Math.max(0, v))) as unknown as Colour);
  return times(LAB, [100 * Math.cbrt(l), 100 * Math.cbrt(m), 100 * Math.cbrt(s)]);
}

/** Distance in OKLab, times 100; about 2 can just be told apart side by side. */
export function apart(a: Colour, b: Colour, vision: Vision): number {
  const [x, y] = [seen(a, vision), seen(b, vision)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

/** Greys of pictures that colours are mixed with, half and half. */
export const PICTURES = [40, 110, 180];

/** The least distance of two colours over all visions and pictures, at half opacity. */
export function leastApart(a: Colour, b: Colour): { distance: number; vision: Vision } {
  let least: { distance: number; vision: Vision } = { distance: Number.POSITIVE_INFINITY, vision: 'normal' };
  const over = (colour: Colour, grey: number) => colour.map((v) => (v + grey) / 2) as unknown as Colour;
  for (const vision of Object.keys(VISIONS) as Vision[]) {
    for (const grey of PICTURES) {
      const distance = apart(over(a, grey), over(b, grey), vision);
      if (distance < least.distance) least = { distance, vision };
    }
  }
  return least;
}

/** Pairs of CamVid's classes that border on one another in street scenes. */
export const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ['sky', 'building pole tree sign'],
  ['building', 'pole pavement tree sign fence car pedestrian bicyclist road'],
  ['pole', 'road pavement tree sign fence car'],
  ['road', 'pavement tree fence car pedestrian bicyclist'],
  ['pavement', 'tree fence car pedestrian bicyclist'],
  ['tree', 'sign fence car pedestrian bicyclist'],
  ['fence', 'car pedestrian bicyclist'],
  ['car', 'pedestrian bicyclist'],
  ['pedestrian', 'bicyclist'],
].flatMap(([one, others]) => others.split(' ').map((other) => [one, other] as const));
