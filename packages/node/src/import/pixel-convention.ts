/** How a network wants its pixels: from options, from a preprocessor_config.json, or assumed. */
import { InputError } from '@twnet/core/errors';
import { IMAGENET } from '@twnet/core/network/normalisation';
import { z } from 'zod';

export type Triple = readonly [number, number, number];

/** Ranges that values 0 to 255 are brought to. */
export const PIXEL_RANGES = ['imagenet', '0..1', '0..255', '-1..1'] as const;
export type PixelRange = (typeof PIXEL_RANGES)[number];

/** What enters is (x − mean) / deviation, of 8-bit channels in their order. */
export interface PixelConvention {
  readonly order: 'RGB' | 'BGR';
  readonly mean: Triple;
  readonly deviation: Triple;
  /** The size of pictures that it is meant for. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Where all of it is from, for people. */
  readonly source: string;
}

export interface PixelOptions {
  readonly range?: PixelRange;
  /** Of channels in their order, of values 0 to 1; of 0 to 255 where one of mean and deviation is above 1. */
  readonly mean?: Triple;
  readonly deviation?: Triple;
  readonly bgr?: boolean;
}

const RANGES: Readonly<Record<PixelRange, { mean: Triple; deviation: Triple }>> = {
  imagenet: { mean: times(IMAGENET.mean, 255), deviation: times(IMAGENET.deviation, 255) },
  '0..1': { mean: [0, 0, 0], deviation: [255, 255, 255] },
  '0..255': { mean: [0, 0, 0], deviation: [1, 1, 1] },
  '-1..1': { mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
};

/**
 * Options come before the file, the file before what is assumed: ImageNet's mean and deviation.
 *
 * @param config of a preprocessor_config.json, already read
 */
export function pixelConvention(
  { range, mean, deviation, bgr }: PixelOptions,
  config?: PixelConvention,
): PixelConvention {
  const order = bgr === undefined ? (config?.order ?? 'RGB') : bgr ? 'BGR' : 'RGB';
  const size = config?.size ? { size: config.size } : {};
  if (mean || deviation) {
    const unit = [...(mean ?? []), ...(deviation ?? [])].some((value) => value > 1) ? 1 : 255;
    const [m, d] = [mean ?? ([0, 0, 0] as const), deviation ?? ([1, 1, 1] as const)];
    return { order, ...size, mean: times(m, unit), deviation: times(d, unit), source: 'as the options say' };
  }
  if (range) return { order, ...size, ...RANGES[range], source: `--range ${range}` };
  if (config) return { ...config, order };
  return { order, ...RANGES.imagenet, source: "assumed: ImageNet's mean and deviation" };
}

const side = z.int().min(1).max(16384);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const size = z.union([
  side,
  z.object({ height: side, width: side }),
  z.object({ shortest_edge: side }),
  z.object({ longest_edge: side }),
]);

/** Hugging Face's image processors and feature extractors; keys that do not matter here are passed over. */
const processor = z.object({
  do_resize: z.boolean().optional(),
  size: size.optional(),
  do_center_crop: z.boolean().optional(),
  crop_size: size.optional(),
  do_rescale: z.boolean().optional(),
  rescale_factor: z.number().positive().optional(),
  do_normalize: z.boolean().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional(),
  do_flip_channel_order: z.boolean().optional(),
});

/** Width over height where a file tells one side alone. */
const USUAL_ASPECT = 16 / 9;

/**
 * What a Hugging Face preprocessor_config.json says.
 *
 * @param path of the file, for errors
 * @throws InputError for what is none
 */
export function parsePreprocessor(text: string, path: string): PixelConvention {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not JSON`);
  }
  const result = processor.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}; it is to be a Hugging Face image processor's`,
    );
  }
  const { do_rescale = true, rescale_factor = 1 / 255, do_normalize = true, ...said } = result.data;
  const factor = do_rescale ? rescale_factor : 1;
  const normal = do_normalize && said.image_mean !== undefined && said.image_std !== undefined;
  if (normal && said.image_std!.includes(0)) throw new InputError(`${path}: image_std: holds 0`);
  const crop = said.do_center_crop || said.size === undefined ? said.crop_size : undefined;
  const meant = said.do_resize === false ? undefined : sizeOf(crop ?? said.size);
  return {
    order: said.do_flip_channel_order ? 'BGR' : 'RGB',
    mean: normal ? times(said.image_mean!, 1 / factor) : [0, 0, 0],
    deviation: times(normal ? said.image_std! : [1, 1, 1], 1 / factor),
    ...(meant ? { size: meant } : {}),
    source: path,
  };
}

function sizeOf(said: z.infer<typeof size> | undefined): PixelConvention['size'] {
  if (said === undefined) return undefined;
  if (typeof said === 'number') return { width: said, height: said };
  if ('height' in said) return { width: said.width, height: said.height };
  if ('shortest_edge' in said)
    return { width: Math.round(said.shortest_edge * USUAL_ASPECT), height: said.shortest_edge };
  return { width: said.longest_edge, height: Math.round(said.longest_edge / USUAL_ASPECT) };
}

function times([a, b, c]: readonly [number, number, number], factor: number): Triple {
  return [a * factor, b * factor, c * factor];
}
