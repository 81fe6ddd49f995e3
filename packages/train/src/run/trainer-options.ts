/** What a training is told, and whether it makes sense. */
import { checkOptions, signalOption } from '@twnet/core/options/option-check';
import { z } from 'zod';
import { keyConfigSchema, nonKeyConfigSchema } from '../config/config.js';
import { pointConfigSchema } from '../config/point-config.js';

const shared = {
  data: z.string().min(1),
  out: z.string().min(1),
  from: z.string().optional(),
  resume: z.boolean(),
  threads: z.int().min(1).optional(),
  progress: z.looseObject({}),
  signal: signalOption.optional(),
};

const keyOptions = z.strictObject({
  ...shared,
  config: keyConfigSchema,
  encoder: z.string().optional(),
  data: z.string().min(1).optional(),
  videos: z.array(z.string().min(1)).optional(),
  stills: z.array(z.string().min(1)).optional(),
  teacher: z.string().min(1).optional(),
});

const nonKeyOptions = z.strictObject({
  ...shared,
  config: nonKeyConfigSchema,
  model: z.string().min(1),
});

const pointOptions = z.strictObject({
  ...shared,
  data: z.string().min(1).optional(),
  videos: z.array(z.string().min(1)).optional(),
  config: pointConfigSchema,
  model: z.string().min(1),
});

/** @throws InputError */
export function checkPointOptions(options: unknown): void {
  checkOptions('trainPoint', pointOptions, options);
}

/** @throws InputError */
export function checkTrainingOptions(call: 'trainKey' | 'trainNonKey', options: unknown): void {
  checkOptions(call, call === 'trainKey' ? keyOptions : nonKeyOptions, options);
}
