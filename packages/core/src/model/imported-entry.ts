/** What a card says of a network of another program. */
import { z } from 'zod';
import { ANSWER_TYPES, ANSWERS, LAYOUTS, PICTURE_TYPES } from '../network/imported-network.js';

const side = z.int().min(1).max(16384);
const tensorName = z.string().min(1).max(1000);
const channels = z.tuple([z.number(), z.number(), z.number()]).readonly();
const factor = z.number().refine((value) => value !== 0, 'is 0');

/** `ImportedInterface` of network/imported-network.ts. */
export const importedEntry = z.object({
  input: z.object({
    name: tensorName,
    layout: z.enum(LAYOUTS),
    type: z.enum(PICTURE_TYPES),
    order: z.enum(['RGB', 'BGR']),
    mean: channels,
    deviation: z.tuple([factor, factor, factor]).readonly(),
    width: side,
    height: side,
    multiple: z.int().min(1).max(1024).optional(),
  }),
  output: z.object({
    name: tensorName,
    content: z.enum(ANSWERS),
    layout: z.enum(LAYOUTS),
    type: z.enum(ANSWER_TYPES),
    rows: side,
    columns: side,
    rank: z.int().min(2).max(4),
    threshold: z.number().optional(),
  }),
});
