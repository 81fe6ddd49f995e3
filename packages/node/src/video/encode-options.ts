/** Whether what `encodeVideo` is told makes sense by itself; what codec and container take is theirs to say. */

import { checkOptions } from '@twnet/core/options/option-check';
import { z } from 'zod';

const size = { width: z.int().min(1), height: z.int().min(1) };

const encodeOptions = z.strictObject({
  output: z.string().min(1),
  ...size,
  frameRate: z.custom<number>(
    (value) => typeof value === 'number' && value >= 0,
    'must be frames a second, 0 where they are unknown',
  ),
  codec: z.enum(['auto', 'mpeg4', 'h264', 'vp9', 'gif', 'apng', 'webp']).optional(),
  gop: z.int().min(1).optional(),
  quality: z.number().optional(),
  encoder: z
    .strictObject({
      name: z.string().optional(),
      options: z.record(z.string(), z.string()).optional(),
      pixelFormat: z.int().optional(),
    })
    .optional(),
  pixelAspect: z.object({ num: z.int().min(1), den: z.int().min(1) }).optional(),
  audio: z
    .custom((value) => typeof value === 'object' && value !== null, "must be a video's origin")
    .optional(),
  from: z.number().optional(),
  scaleTo: z.object(size).optional(),
});

/** @throws InputError */
export function checkEncoding(options: unknown): void {
  checkOptions('encodeVideo', encodeOptions, options);
}
