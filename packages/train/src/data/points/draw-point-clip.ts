/** What is drawn for a clip of an operating point's training: window, size, coding, and the frames learnt on. */
import type { Random } from '@twnet/core/random';
import { shuffled } from '@twnet/core/random';
import { type ClipCodec, type ClipCoding, fitsCodec } from '@twnet/node/video/clip-codecs';
import type { Size } from '@twnet/node/video/scaling';
import type { ClipWindow, PointClipOptions } from './point-clip.js';

export interface PointClipRules {
  /** Of the key frame's picture. */
  readonly size: Size;
  /** Pixels of the key frame's picture for each of the source's, drawn log-uniformly. */
  readonly scale: readonly [low: number, high: number];
  /** Share of clips that are coded at half the key frame's size. */
  readonly enlarged: number;
  readonly flip: boolean;
  /** Codecs, and the finest and coarsest quality of each. */
  readonly coding: { readonly codecs: readonly ClipCodec[] } & Readonly<
    Record<ClipCodec, readonly [finest: number, coarsest: number]>
  >;
  readonly length: number;
  /** A key frame follows the clip's last one. */
  readonly closed: boolean;
  /** Frames of a clip that are learnt on; the others are not brought to the key frame's size. */
  readonly samples: number;
}

/** Non-key frames of a clip in the order in which they are learnt on; one that is carried on goes through them in turn. */
export function wantedFrames(length: number, samples: number, random: Random): number[] {
  const order = Array.from(shuffled(length - 1, random), (number) => number + 1);
  return order.slice(0, samples);
}

export function drawPointClip(
  source: Size,
  rules: PointClipRules,
  random: Random,
): Omit<PointClipOptions, 'wanted'> {
  const {
    size,
    scale: [low, high],
    coding: { codecs, ...qualities },
  } = rules;
  const window = drawWindow(source, size, low * (high / low) ** random(), random);
  const enlarged = random() < rules.enlarged;
  const sides = enlarged ? [size.width / 2, size.height / 2] : [size.width, size.height];
  const drawn = codecs[Math.floor(random() * codecs.length)];
  const codec = fitsCodec(drawn, sides[0], sides[1]) ? drawn : 'h264';
  const [finest, coarsest] = qualities[codec];
  const coding: Omit<ClipCoding, 'gop'> = {
    codec,
    quality: finest + Math.round((coarsest - finest) * random()),
    preset: codec === 'hevc' || random() < 0.5 ? 'ultrafast' : 'veryfast',
  };
  return { window: { ...window, flip: rules.flip && random() < 0.5 }, size, enlarged, coding };
}

/** Anywhere in the source; where that is smaller than the window, as large as has the window's proportions. */
function drawWindow(source: Size, size: Size, scale: number, random: Random): Omit<ClipWindow, 'flip'> {
  const least = Math.max(size.width / source.width, size.height / source.height);
  const factor = Math.max(scale, least);
  const width = Math.min(source.width, Math.round(size.width / factor));
  const height = Math.min(source.height, Math.round(size.height / factor));
  const left = Math.floor(random() * (source.width - width + 1));
  const top = Math.floor(random() * (source.height - height + 1));
  return { left, top, width, height };
}
