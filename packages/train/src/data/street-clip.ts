/** Training material from generated streets: labelled stills, and clips as the codec makes them. */

import { seededRandom } from '@twnet/core/random';
import { recodeClip } from '@twnet/node/video/recode-clip';
import { StreetScene } from '@twnet/street/street-scene';
import type { Still } from './camvid.js';
import { STREAM } from './random-streams.js';
import { drawQuantiser, type TrainingClip } from './training-clip.js';

export interface StreetClipOptions {
  readonly seed: number;
  /** Even numbers for clips; default 480 × 360, CamVid's. */
  readonly width?: number;
  readonly height?: number;
  /** Frames of a clip. */
  readonly length?: number;
}

/** CamVid's size, as networks are trained at. */
const WIDTH = 480;
const HEIGHT = 360;
const LENGTH = 12;
/** Frames a second; clips are of one rate each, as cameras are. */
const RATES = [12, 15, 15, 15, 20, 25, 30];

/** Renders still number `index`: a street, weather and camera of its own for every number of a seed. */
export function makeStreetStill(
  index: number,
  { seed, width = WIDTH, height = HEIGHT }: StreetClipOptions,
): Still {
  const { scene } = sceneOf(index, seed, width, height, STREAM.streetStill);
  const { pixels, labels } = scene.frame(0);
  return { name: `street-${seed}-${index}`, width, height, pixels, labels };
}

/**
 * Renders clip number `index` and sends it through the codec: as {@link makeStillClip} makes them of stills.
 *
 * @throws RangeError for odd sizes, which 4:2:0 chroma does not have
 */
export function makeStreetClip(
  index: number,
  { seed, width = WIDTH, height = HEIGHT, length = LENGTH }: StreetClipOptions,
): TrainingClip {
  if (width % 2 === 1 || height % 2 === 1)
    throw new RangeError(`clips of ${width}×${height}: sides must be even`);
  const { scene, random } = streetScene(index, seed, width, height);
  const frames = Array.from({ length }, (_, t) => scene.frame(t));
  const quality = drawQuantiser(random);
  return {
    frames: recodeClip(
      frames.map(({ pixels }) => pixels),
      { width, height, gop: length, quality },
    ),
    labels: frames.map(({ labels }) => labels),
  };
}

/** The street of clip number `index`, and what is drawn next. */
export function streetScene(index: number, seed: number, width: number, height: number) {
  return sceneOf(index, seed, width, height, STREAM.streetClip);
}

function sceneOf(index: number, seed: number, width: number, height: number, stream: number) {
  const random = seededRandom(seed, index, stream);
  const frameRate = RATES[Math.floor(random() * RATES.length)];
  const scene = new StreetScene({ seed: Math.floor(random() * 2 ** 32), width, height, frameRate });
  return { scene, random };
}
