/** Light, sky, air and camera of a scene, drawn at random. */
import type { Random } from '@twnet/core/random';
import type { Colour } from './painting.js';
import type { Direction } from './raster.js';

export interface Weather {
  readonly kind: 'clear' | 'fair' | 'overcast' | 'rain' | 'dusk' | 'fog';
  readonly sun: Direction;
  /** Light from the sun on a surface that faces it, and from the sky on one that faces up. */
  readonly sunlight: Colour;
  readonly skylight: Colour;
  readonly zenith: Colour;
  readonly horizon: Colour;
  /** Share of the sky that clouds cover, 0..1, and their colour. */
  readonly clouds: number;
  readonly cloudColour: Colour;
  /** Metres at which a third of a colour is left. */
  readonly sight: number;
  /** Darkening and mirroring of the ground, 0..1. */
  readonly wetness: number;
  /** Raindrops in the air, 0..1. */
  readonly rain: number;
  readonly camera: CameraLook;
}

/** What the camera makes of the light. */
export interface CameraLook {
  /** Gain of R, G and B. */
  readonly gain: Colour;
  readonly contrast: number;
  readonly saturation: number;
  /** Standard deviation of the noise at middle grey, 0..255. */
  readonly noise: number;
  /** Share of light that each neighbour along a line gets. */
  readonly softness: number;
  readonly vignette: number;
  /** Share of the time between frames that the shutter is open. */
  readonly shutter: number;
}

const KINDS = [
  ['clear', 0.24],
  ['fair', 0.24],
  ['overcast', 0.24],
  ['rain', 0.1],
  ['dusk', 0.12],
  ['fog', 0.06],
] as const;

const mix = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const times = ([r, g, b]: Colour, k: number): Colour => [r * k, g * k, b * k];

export function drawWeather(random: Random): Weather {
  const kind = drawKind(random());
  const between = (low: number, high: number): number => low + (high - low) * random();
  const dull = kind === 'overcast' || kind === 'rain' || kind === 'fog';
  const elevation = kind === 'dusk' ? between(0.12, 0.3) : between(0.45, 1.1);
  const azimuth = between(-Math.PI, Math.PI);
  const sun: Direction = [
    Math.cos(elevation) * Math.sin(azimuth),
    Math.sin(elevation),
    Math.cos(elevation) * Math.cos(azimuth),
  ];
  const warm = kind === 'dusk' ? 1 : Math.max(0, 0.8 - elevation);
  const strength = dull ? between(0, 0.1) : kind === 'fair' ? between(0.45, 0.7) : between(0.65, 0.95);
  const sunlight = times(mix([1, 0.96, 0.88], [1.05, 0.72, 0.46], warm), strength);
  const blue = mix([0.6, 0.62, 0.66], [0.5, 0.56, 0.68], dull ? 0.2 : 0.9);
  const skylight = times(
    blue,
    dull ? between(1.15, 1.45) : kind === 'dusk' ? between(0.6, 0.85) : between(0.85, 1.05),
  );
  const white: Colour = [between(214, 240), between(218, 240), between(222, 244)];
  const zenith: Colour = dull
    ? times(white, between(0.7, 0.92))
    : mix([92, 134, 190], [150, 178, 212], between(0, 0.8));
  const horizon: Colour = dull
    ? times(white, between(0.88, 1))
    : kind === 'dusk'
      ? mix([236, 190, 150], [214, 200, 196], random())
      : mix([198, 212, 226], [226, 230, 232], random());
  const balance = between(-0.06, 0.06);
  const exposure = between(0.85, 1.65) * (kind === 'dusk' ? between(0.7, 1.15) : 1);
  return {
    kind,
    sun,
    sunlight,
    skylight,
    zenith,
    horizon,
    clouds: kind === 'clear' ? between(0, 0.25) : kind === 'fair' ? between(0.35, 0.7) : between(0.3, 0.9),
    cloudColour: dull
      ? times(white, between(0.82, 0.98))
      : kind === 'dusk'
        ? [226, 186, 166]
        : [242, 243, 245],
    sight: kind === 'fog' ? between(45, 110) : kind === 'rain' ? between(120, 260) : between(260, 900),
    wetness: kind === 'rain' ? between(0.5, 1) : random() < 0.12 ? between(0.2, 0.7) : 0,
    rain: kind === 'rain' ? between(0.2, 1) : 0,
    camera: {
      gain: [exposure * (1 + balance), exposure, exposure * (1 - balance * between(0.6, 1.2))],
      contrast: between(0.95, 1.5),
      saturation: between(0.7, 1.1),
      noise: between(0.8, 4.5),
      softness: between(0.08, 0.2),
      vignette: between(0, 0.22),
      shutter: between(0, 0.28),
    },
  };
}

function drawKind(draw: number): Weather['kind'] {
  let rest = draw;
  for (const [kind, share] of KINDS) {
    rest -= share;
    if (rest < 0) return kind;
  }
  return 'fair';
}
