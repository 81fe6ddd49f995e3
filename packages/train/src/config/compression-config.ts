/** The configuration's keys of stills that go through a codec. */
import { CLIP_CODECS } from '@twnet/node/video/clip-codecs';
import { z } from 'zod';
import { DEFAULT_COMPRESSION as usual } from '../data/compression.js';

/** From finest to coarsest. */
const range = (finest: number, coarsest: number, usually: readonly [number, number]) =>
  z
    .tuple([z.int().min(finest).max(coarsest), z.int().min(finest).max(coarsest)])
    .default([...usually])
    .refine(([low, high]) => low <= high, 'must be [finest, coarsest]');

/** Key by key what {@link usual} is. */
export const compression = z.strictObject({
  /** Share of the stills that are compressed. */
  share: z.number().min(0).max(1).default(usual.share),
  /** Of those, the share that is compressed at the still's own scale, before it is enlarged or reduced. */
  atSource: z.number().min(0).max(1).default(usual.atSource),
  /** One is drawn for each still. */
  codecs: z
    .array(z.enum(CLIP_CODECS))
    .min(1)
    .default([...usual.codecs]),
  /** MPEG-4 Part 2: quantisers, 1 to 31. */
  mpeg4: range(1, 31, usual.mpeg4),
  /** H.264 and HEVC: constant rate factors. */
  h264: range(0, 51, usual.h264),
  hevc: range(0, 51, usual.hevc),
  /** Most frames of the clip that pans over the still, whose last one is taken; 1: I-frames alone. */
  frames: z.int().min(1).max(12).default(usual.frames),
});
