/** What opens networks is told, and whether it makes sense. */

import { InputError } from '@twnet/core/errors';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { SPEEDS } from '@twnet/core/network/operating-point';
import { checkOptions } from '@twnet/core/options/option-check';
import { z } from 'zod';

const size = z.strictObject({ width: z.int().min(1), height: z.int().min(1) });

export const networksOptions = z.strictObject({
  width: z.int().min(1),
  height: z.int().min(1),
  keySize: size.optional(),
  labelSize: size.optional(),
  layer: z.literal([1, 2, 3]).optional(),
  speed: z.enum(SPEEDS).optional(),
  perFrame: z.boolean().optional(),
  warpAlone: z.boolean().optional(),
  threads: z.int().min(1).optional(),
  provider: z.string().optional(),
});

/** @throws InputError */
export function checkNetworksOptions(call: string, options: unknown): void {
  checkOptions(call, networksOptions, options);
}

/** @throws InputError where a model folder is no path */
export function checkFolder(call: string, folder: unknown): void {
  if (folder !== undefined && typeof folder !== 'string')
    throw new InputError(
      `${call}: the model must be a folder's path, or undefined for the shipped one, not ${kindOf(folder)}`,
    );
}

/** Whether something is a model that was opened. */
export function isSource(source: unknown): source is NetworkSource {
  return typeof (source as { keyFrame?: unknown } | null | undefined)?.keyFrame === 'function';
}

/** @throws InputError where something is no model that was opened */
export function checkSource(call: string, source: unknown): void {
  if (!isSource(source))
    throw new InputError(
      `${call}: the model must be one that is open (await Model.open(…)), not ${kindOf(source)}`,
    );
}

/** @throws InputError where a number is no whole one from 1 */
export function checkCount(call: string, name: string, count: unknown): void {
  if (!(Number.isInteger(count) && (count as number) >= 1))
    throw new InputError(`${call}: ${name} must be a whole number from 1, not ${shown(count)}`);
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : kindOf(value));

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
