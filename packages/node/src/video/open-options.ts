/** How a video is to be opened. */

import { InputError } from '@twnet/core/errors';
import { checkOptions, signalOption } from '@twnet/core/options/option-check';
import { z } from 'zod';
import type { StreamOptions } from './demux.js';
import type { LiveOpening } from './source/live-opening.js';
import type { RangeOptions } from './time-range.js';

export interface OpenVideoOptions extends StreamOptions, RangeOptions {
  /**
   * 'auto': the codec's vectors where its decoder gives them, else estimated ones; 'codec': the codec's and no others,
   * refused where its decoder gives none; 'none': none are needed, so that nothing is spent on estimating them.
   * Default 'auto'.
   */
  readonly motionSource?: 'auto' | 'codec' | 'estimate' | 'none';
  /**
   * false: frames come with empty `pixels`: no picture is converted, turned or deinterlaced. With the motion source
   * 'codec' or 'none' the decoder leaves out what only pictures need, too. Default true.
   */
  readonly pixels?: boolean;
  /**
   * Frames of this share of the video's width and height, motion to match: smaller ones are less to compute, networks
   * may see more in enlarged ones. 0 < scale ≤ 4; default 1. 'auto': by the video's size, see `automaticScale`.
   */
  readonly scale?: number | 'auto';
  /**
   * Pictures of two sizes, as the EfficientViT segmenter takes them: `scale` and `maxSide` are those of the key picture,
   * which frames make when they are asked for it (`keyPicture`), while pixels and motion come at half its width and
   * height (rounded up). Default false: frames have the one size.
   */
  readonly keyPictures?: boolean;
  /**
   * Pixels of the longer side of the frames, at most: larger videos come smaller, motion to match. A whole number,
   * at least 16; default: no limit.
   */
  readonly maxSide?: number;
  /** Frames that come in another size have the picture in the video's own as well (`fullPixels`). Default false. */
  readonly fullPixels?: boolean;
}

/** Whether any decoded picture may be looked at: converted, or compared with another to estimate motion. */
export function mayNeedPictures({
  pixels = true,
  fullPixels,
  keyPictures,
  motionSource = 'auto',
}: OpenVideoOptions): boolean {
  const asked = pixels || fullPixels === true || keyPictures === true;
  return asked || motionSource === 'auto' || motionSource === 'estimate';
}

/** Whose range is checked where it is used. */
const someNumber = z.custom<number>((value) => typeof value === 'number', 'must be a number');

const position = z.union(
  [z.number(), z.strictObject({ seconds: z.number() })],
  'must be a number or { seconds }',
);

export const openVideoOptions = z.strictObject({
  motionSource: z.enum(['auto', 'codec', 'estimate', 'none']).optional(),
  pixels: z.boolean().optional(),
  scale: z
    .custom<number | 'auto'>(
      (value) => typeof value === 'number' || value === 'auto',
      "must be a number or 'auto'",
    )
    .optional(),
  keyPictures: z.boolean().optional(),
  maxSide: someNumber.optional(),
  fullPixels: z.boolean().optional(),
  stream: z.int().min(0).optional(),
  start: someNumber.optional(),
  duration: someNumber.optional(),
  from: position.optional(),
  to: position.optional(),
  allowPlaylists: z.boolean().optional(),
  live: z
    .strictObject({
      transport: z.enum(['tcp', 'udp']).optional(),
      format: z.string().min(1).optional(),
    } satisfies Record<keyof LiveOpening, z.ZodType>)
    .optional(),
  signal: signalOption.optional(),
  timeout: z
    .custom<number>((value) => typeof value === 'number' && value > 0, 'must be seconds, more than 0')
    .optional(),
});

/** @throws InputError for a source that is none, unknown options and values of another type */
export function checkOpening(source: unknown, options: unknown): void {
  if (!(typeof source === 'string' || source instanceof Uint8Array) || source.length === 0)
    throw new InputError(
      `openVideo: the source must be a path, an address, "-" for standard input, or a file's bytes, not ${kindOf(source)}`,
    );
  checkOptions('openVideo', openVideoOptions, options);
}

function kindOf(source: unknown): string {
  if (source === null || source === undefined) return String(source);
  if (source === '') return 'an empty text';
  if (source instanceof Uint8Array) return 'no bytes';
  return typeof source === 'object' ? 'an object' : `a ${typeof source}`;
}
