/** Whether what `writeSegmentation` is told makes sense. */

import { callbackOption, checkOptions, signalOption } from '@twnet/core/options/option-check';
import { segmentOptionFields } from '@twnet/core/segment/segment-options';
import { z } from 'zod';

const byte = z.int().min(0).max(255);

const writeOptions = z.strictObject({
  ...segmentOptionFields,
  overlay: z.string().min(1).optional(),
  opacity: z.number().min(0).max(1).optional(),
  legend: z.boolean().optional(),
  audio: z.boolean().optional(),
  onNote: callbackOption.optional(),
  labels: z.string().min(1).optional(),
  // Which there are is said where they are written.
  format: z.string().optional(),
  palette: z.array(z.tuple([byte, byte, byte])).optional(),
  classNames: z.array(z.string()).optional(),
  classes: z.array(z.union([z.string(), z.int()], "must be a class's name or id")).optional(),
  model: z.object({ name: z.string(), digest: z.string().optional() }).optional(),
  force: z.boolean().optional(),
  until: signalOption.optional(),
  onFrame: callbackOption.optional(),
});

/** @throws InputError */
export function checkWriting(options: unknown): void {
  checkOptions('writeSegmentation', writeOptions, options);
}
