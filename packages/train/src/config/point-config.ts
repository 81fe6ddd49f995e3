/** The configuration of step 2 for an operating point of a segmenter: what the non-key frames between its key frames learn. */
import { SPEEDS, type Speed } from '@twnet/core/network/operating-point';
import { PROPAGATED } from '@twnet/core/network/propagated-frame';
import { z } from 'zod';
import { compression } from './compression-config.js';
import { schedule } from './shared-config.js';

/** Sides of pictures are multiples of this, so that every grid fits without a margin. */
const SIDE = 32;
const side = z.int().min(SIDE).multipleOf(SIDE);
const share = z.number().min(0).max(1);
const weight = z.number().min(0);

const design = z.strictObject({
  /** What is warped: the key-frame network's refined feature, or its class scores. */
  propagated: z.enum(PROPAGATED).default('refined'),
  /** Sides of the key frame's picture over those at which a non-key frame passes. */
  divisor: z.literal([2, 4]).default(2),
  /** Channels inside φ_r. */
  hidden: z.int().min(4).max(256).default(32),
  cfr: z.boolean().default(true),
  rga: z.boolean().default(true),
  /** Warped once from the key frame along accumulated vectors; false: from the frame before, frame after frame. */
  accumulated: z.boolean().default(true),
  /** Where accumulated, warped from the key frame after, too, and mixed. */
  bidirectional: z.boolean().default(true),
});

const data = z.strictObject({
  /** Share of the clips that are of the videos; all of them where no data set is given. */
  videos: share.default(0.5),
  /** Share from generated street scenes. */
  street: share.default(0),
});

const augmentation = z.strictObject({
  /** Pixels of the key frame's picture for each of the video's, drawn log-uniformly. */
  scale: z.tuple([z.number().min(0.25), z.number().max(8)]).default([1, 2]),
  /** Share of clips that are coded at half the key frame's size and enlarged for it, as small videos are. */
  enlarged: share.default(0.5),
  flip: z.boolean().default(true),
  /** Largest number of the video's frames that one of a clip's stands for, drawn uniformly. */
  frameStep: z.int().min(1).max(8).default(2),
  /** Share of the frames between two key frames that are warped from the one before alone, as those after the last one are. */
  forward: share.default(0.2),
});

export const pointConfigSchema = z
  .strictObject({
    speed: z.enum(SPEEDS).default('accurate'),
    design: design.prefault({}),
    /** Of the key frame's picture; non-key frames have half of it. A window of the video's. */
    size: z.strictObject({ height: side, width: side }).default({ height: 448, width: 640 }),
    data: data.prefault({}),
    augmentation: augmentation.prefault({}),
    /** How clips are coded; one codec and quality is drawn for each. */
    coding: compression.pick({ codecs: true, mpeg4: true, h264: true, hevc: true }).prefault({}),
    /** Share of every video's end, and of the stills, that is held out for validation. */
    holdOut: z.number().min(0).max(0.5).default(0.1),
    batch: z.int().min(1).default(4),
    /** 0: nothing is learnt: warping alone. */
    steps: z.int().min(0).default(2000),
    learningRate: z.number().positive().default(3e-3),
    /** Factor on the rate of the layers that pass the frame at a part of its size; they are trained already: 0.3 destroys them. */
    encoderRateFactor: share.default(0.02),
    /** Factor on the rate of the key-frame network's own tail; 0: it stays as it is. */
    tailRateFactor: share.default(0),
    weightDecay: weight.default(1e-7),
    schedule: schedule.default({ kind: 'poly', power: 0.9, warmup: 50 }),
    /** Largest norm of the gradient. */
    clipNorm: z.number().positive().default(5),
    /**
     * λ1: weight of the squared distance to the key-frame network's own feature of the clean frame. None by default: the
     * feature comes to it by the probabilities, and sooner.
     */
    consistencyWeight: weight.default(0),
    /** Weight of the divergence from the key-frame network's own class probabilities of the clean frame. */
    distillationWeight: weight.default(1),
    /** Weight of the cross-entropy to labels, where there are any. */
    labelWeight: weight.default(0.5),
    /** Decay of the moving average of the weights, which is what is validated and shipped; 0: the last step's. */
    ema: z.number().min(0).lt(1).default(0.99),
    /** Frames of a clip, the key frame included: distances are 1 to one less. */
    clipLength: z.int().min(2).max(60).default(12),
    /** Frames that are learnt on of each clip. */
    samples: z.int().min(1).default(6),
    seed: z.int().min(0).default(1),
    checkpointMinutes: z.number().positive().default(5),
    /** Steps between validations; 0: only at the end. */
    validateEvery: z.int().min(0).default(500),
  })
  .refine(({ augmentation: { scale } }) => scale[0] <= scale[1], {
    path: ['augmentation', 'scale'],
    message: 'must be [low, high]',
  })
  .refine(({ data: { videos, street } }) => videos + street <= 1, {
    path: ['data', 'street'],
    message: 'must be at most 1 together with data.videos',
  });

export type PointConfig = z.infer<typeof pointConfigSchema>;

/** What the points have by default where they differ. */
export const POINT_DEFAULTS: Readonly<Record<Speed, Readonly<Record<string, unknown>>>> = {
  accurate: {},
  fast: { design: { propagated: 'scores', divisor: 4 } },
  causal: { design: { bidirectional: false } },
};
