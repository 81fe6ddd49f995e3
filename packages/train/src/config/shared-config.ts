/** Parts that the configurations of all steps have. */
import { z } from 'zod';

export const schedule = z.strictObject({
  /** 'poly': rate · (1 − t/T)^power; 'constant': the paper's. */
  kind: z.enum(['poly', 'constant']).default('poly'),
  power: z.number().positive().default(0.9),
  /** Steps over which the rate rises from 0. */
  warmup: z.int().min(0).default(100),
});
