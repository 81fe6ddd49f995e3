/** What {@link segment} is told: the options of the calls that it makes, each once, and whether they make sense. */

import { checkOptions } from '@twnet/core/options/option-check';
import type { NetworksOptions } from '@twnet/core/runtime/networks';
import { type SegmentOptions, segmentOptionFields } from '@twnet/core/segment/segment-options';
import { networksOptions } from '@twnet/node/model/networks-options';
import type { FlowNetworkSpec, MotionSpec } from '@twnet/node/motion/motion-source';
import { type OpenVideoOptions, openVideoOptions } from '@twnet/node/video/open-options';
import { z } from 'zod';

export interface SegmentInputOptions
  extends Omit<OpenVideoOptions, 'motionSource' | 'pixels' | 'keyPictures' | 'live'>,
    Omit<NetworksOptions, 'width' | 'height' | 'keySize' | 'labelSize'>,
    Omit<SegmentOptions, 'motion'> {
  /** Name of a model that ships, or a model folder; default: see `DEFAULT_MODEL`. */
  readonly model?: string;
  /**
   * Where the motion comes from that features are warped along; default 'codec': the stream's own vectors, or
   * estimated ones where its decoder hands out none.
   */
  readonly motion?: MotionSpec;
  /** Groups of pictures that are worked on at a time, each by networks of its own; default 1. Labels are the same. */
  readonly parallel?: number;
  /** Every frame is segmented on its own: one network is opened, and no motion worked out. */
  readonly perFrame?: boolean;
  /** Ends opening and the loop at once, with the signal's reason; everything is closed. */
  readonly signal?: AbortSignal;
}

const MOTIONS = ['codec', 'accumulated', 'flow', 'matching'] as const satisfies readonly MotionSpec[];

const flowNetwork = z.strictObject({
  network: z.string().min(1),
  values: z.enum(['0..255', '0..1', '-1..1']).optional(),
  unit: z.number().positive().optional(),
} satisfies Record<keyof FlowNetworkSpec, z.ZodType>);

// Left out: what is told otherwise here, follows from the video, or would leave nothing to segment.
const {
  motionSource: _source,
  pixels: _pixels,
  keyPictures: _keys,
  live: _live,
  ...openingFields
} = openVideoOptions.shape;
const {
  width: _width,
  height: _height,
  keySize: _keySize,
  labelSize: _labelSize,
  ...networkFields
} = networksOptions.shape;

const inputOptions = z.strictObject({
  model: z.string().min(1).optional(),
  ...openingFields,
  ...networkFields,
  ...segmentOptionFields,
  motion: z
    .union([z.enum(MOTIONS), flowNetwork], `must be one of ${MOTIONS.join(', ')} or { network: FILE.onnx }`)
    .optional(),
  parallel: z.int().min(1).optional(),
});

/** What each of the calls is told. */
export interface CallOptions {
  readonly opening: OpenVideoOptions;
  readonly networks: Omit<NetworksOptions, 'width' | 'height' | 'keySize' | 'labelSize'>;
  readonly segmenting: SegmentOptions;
}

/**
 * Checks the options of `segment` and shares them out.
 *
 * @throws InputError
 */
export function callOptions(options: SegmentInputOptions): CallOptions {
  checkOptions('segment', inputOptions, options);
  const { motion = 'codec', perFrame } = options;
  const usesCodec = !perFrame && (motion === 'codec' || motion === 'accumulated');
  return {
    opening: { ...those(options, openingFields), motionSource: usesCodec ? 'auto' : 'none' },
    networks: those(options, networkFields),
    segmenting: those({ ...options, motion: undefined }, segmentOptionFields),
  };
}

function those<T extends object>(options: T, fields: object): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in fields)) as Partial<T>;
}
