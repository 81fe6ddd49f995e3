/** What `segmentVideo` is told, and whether it makes sense. */
import { z } from 'zod';
import { InputError } from '../errors.js';
import { checkOptions, signalOption } from '../options/option-check.js';
import type { Networks } from '../runtime/networks.js';
import { LOOKAHEAD } from './lookahead.js';
import type { MotionSource } from './motion-source.js';
import type { KeyFrameRule, ScheduleOptions } from './schedule.js';

export interface SegmentOptions extends Omit<ScheduleOptions, 'refersToPrevious' | 'keyFrames' | 'interval'> {
  /** Which frames are key frames; default the codec's I-frames. */
  readonly keyFrames?: KeyFrameRule;
  /**
   * Every frame is a key frame: the per-frame network. Networks that were opened with `perFrame` say so themselves;
   * others can be told.
   */
  readonly perFrame?: boolean;
  /**
   * Where motion comes from; default the stream's own vectors, as the video gives them. With accumulated vectors
   * features are warped from the key frame at once, along vectors traced back to it over the frames between, instead
   * of from frame to frame.
   */
  readonly motion?: MotionSource;
  /**
   * Frames that wait for the next key frame, at most, so that they are warped from both: where networks can do that
   * (`Networks.bidirectional`), and as far as 256 MB hold them. More that come before it are warped from the last one
   * alone; 0: all of them, and none waits. Default {@link LOOKAHEAD}.
   */
  readonly lookahead?: number;
  /** Keep the coarse class scores in the results. */
  readonly keepScores?: boolean;
  /**
   * A frame's pixels are used again once the loop has asked for the next frame: keep none. Saves garbage of megabytes a
   * frame. Default false: frames are the caller's.
   */
  readonly recycle?: boolean;
  /** Ends the loop at once, with the signal's reason, when it is aborted; video and networks may be used or closed. */
  readonly signal?: AbortSignal;
}

/** {@link SegmentOptions} with what was not said filled in. */
export type Segmenting = SegmentOptions & {
  readonly keyFrames: KeyFrameRule;
  readonly perFrame: boolean;
  readonly lookahead: number;
};

/** The values that go with each mode. */
const OF_MODE = { codec: undefined, every: 'n', adaptive: 'threshold' } as const;

const keyFrameRule = z
  .strictObject({
    mode: z.enum(['codec', 'every', 'adaptive']),
    n: z.int().min(1).optional(),
    threshold: z.number().min(0).optional(),
  })
  .superRefine((rule, context) => {
    const needed = OF_MODE[rule.mode];
    for (const key of ['n', 'threshold'] as const) {
      if ((rule[key] !== undefined) === (key === needed)) continue;
      const message =
        key === needed ? `is missing: mode "${rule.mode}" needs it` : `is not of mode "${rule.mode}"`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

export const segmentOptionFields = {
  keyFrames: keyFrameRule.optional(),
  perFrame: z.boolean().optional(),
  maxDistance: z
    .union([z.int().min(1), z.literal(Number.POSITIVE_INFINITY)], 'must be a whole number from 1')
    .optional(),
  motion: z
    .custom<MotionSource>(
      (value) => typeof (value as MotionSource | null)?.start === 'function',
      'must be a MotionSource: await MotionSource.open(…)',
    )
    .optional(),
  lookahead: z.int().min(0).optional(),
  keepScores: z.boolean().optional(),
  recycle: z.boolean().optional(),
  signal: signalOption.optional(),
};
const segmentOptions = z.strictObject(segmentOptionFields);

/** Those of more options that {@link SegmentOptions} has. */
export function segmentOptionsOf(options: SegmentOptions): SegmentOptions {
  const names = Object.keys(segmentOptionFields);
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

/**
 * Checks options against networks.
 *
 * @throws InputError
 */
export function segmenting(options: SegmentOptions, networks: readonly Networks[]): Segmenting {
  checkOptions('segmentVideo', segmentOptions, options);
  const alone = networks.some(({ perFrame }) => perFrame);
  if (alone && options.perFrame === false) {
    throw new InputError(
      'segmentVideo: perFrame is false, but the networks were opened with perFrame; leave it out or open others',
    );
  }
  const { keyFrames = { mode: 'codec' }, perFrame = alone, lookahead = LOOKAHEAD } = options;
  return { ...options, keyFrames, perFrame, lookahead };
}
