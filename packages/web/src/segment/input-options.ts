/** What `segment` is told in a browser, and whether it makes sense. */
import { SPEEDS } from '@twnet/core/network/operating-point';
import { checkOptions } from '@twnet/core/options/option-check';
import { type SegmentOptions, segmentOptionFields } from '@twnet/core/segment/segment-options';
import { z } from 'zod';
import type { ModelInput } from '../model/model.js';
import type { Assets, WebNetworksOptions } from '../networks/networks.js';

export interface SegmentInputOptions
  extends Omit<WebNetworksOptions, 'width' | 'height' | 'keySize' | 'labelSize'>,
    Omit<SegmentOptions, 'motion'> {
  /** The address of a model's folder, its files, or a model that has been read (`readModel`). */
  readonly model: ModelInput;
  /** Share of the video's sides that the networks see; 'auto': by the video's size. Default: as the model needs it. */
  readonly scale?: number | 'auto';
  /** Pixels of the longer side, at most: larger videos are segmented smaller. */
  readonly maxSide?: number;
  /** Where a bundler or server has put what is not JavaScript. */
  readonly assets?: Assets;
}

const someNumber = (what: string) => z.custom<number>((value) => typeof value === 'number', what);

const inputOptions = z.strictObject({
  ...segmentOptionFields,
  model: z.custom<ModelInput>(
    (value) => value !== undefined && value !== null && value !== '',
    'must be the address of a model folder, its files, or a model that was read',
  ),
  scale: z.union([someNumber("must be a number or 'auto'"), z.literal('auto')]).optional(),
  maxSide: someNumber('must be a number').optional(),
  layer: z.literal([1, 2, 3]).optional(),
  speed: z.enum(SPEEDS).optional(),
  warpAlone: z.boolean().optional(),
  threads: z.int().min(1).optional(),
  provider: z.enum(['webgpu', 'wasm']).optional(),
  assets: z
    .strictObject({
      kernels: z.string().optional(),
      runtime: z.string().optional(),
      worker: z.custom<() => Worker>((value) => typeof value === 'function', 'must be a function').optional(),
    })
    .optional(),
});

/** @throws InputError */
export function checkSegment(options: SegmentInputOptions): void {
  checkOptions('segment', inputOptions, options);
}
