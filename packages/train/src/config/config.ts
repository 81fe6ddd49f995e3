/** The typed, checked configuration of a training run. Every key has a default: together they are the shipped recipe. */

import { ARCHITECTURES } from '@twnet/core/network/architectures';
import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import { z } from 'zod';
import { compression } from './compression-config.js';
import { schedule } from './shared-config.js';
import { teacher, unlabelled } from './unlabelled-config.js';

const size = z.strictObject({ height: z.int().min(32), width: z.int().min(32) });

/** What is mixed with the data set's own stills. */
const data = z.strictObject({
  /** Share of every batch drawn from generated street scenes. */
  street: z.number().min(0).max(1).default(0),
  /** Share of step 2's clips that are real: the data set's frames up to a labelled one (Sec. 5.1.2: all). */
  sequences: z.number().min(0).max(1).default(0),
  /** Share of step 2's made clips that jump to the drive's next labelled still on the way, see `Jumps`. */
  jumps: z.number().min(0).max(1).default(0),
});

const shared = {
  backbone: z.enum(BACKBONE_NAMES).default('mobilenet-v1'),
  /** Share of each sequence's end that is held out of training, for validation. */
  holdOut: z.number().min(0).max(0.5).default(0.08),
  data: data.prefault({}),
  size: size.default({ height: 360, width: 480 }),
  batch: z.int().min(1).default(4),
  steps: z.int().min(1),
  learningRate: z.number().positive(),
  /** Factor on the rate of pretrained parameters (Sec. 5.1.2: 1/100). */
  encoderRateFactor: z.number().min(0).max(1),
  /** λ0 (Sec. 5.1.2). */
  weightDecay: z.number().min(0).default(1e-7),
  schedule: schedule.default({ kind: 'poly', power: 0.9, warmup: 100 }),
  /** Weight of the soft Jaccard loss (one minus the mean IoU, see `softJaccard`) beside L_cls; 0: none, as the paper. */
  jaccardWeight: z.number().min(0).default(0),
  /** Weights of the classes in L_cls: 'log', see `labelWeights`, or 'none', all alike, as the paper. */
  classWeights: z.enum(['none', 'log']).default('log'),
  /** Decay of the moving average of the weights, which is then what is validated and shipped; 0: the last step's. */
  ema: z.number().min(0).lt(1).default(0),
  seed: z.int().min(0).default(1),
  checkpointMinutes: z.number().positive().default(5),
  /** Steps between validations; 0: only at the end. */
  validateEvery: z.int().min(0).default(500),
};

const augmentation = z.strictObject({
  /** Range of the random scale (Sec. 5.1.2: 0.5 to 2). */
  scale: z.tuple([z.number().min(0.1), z.number().max(10)]).default([0.5, 2]),
  /** Random horizontal flipping. */
  flip: z.boolean().default(true),
  /** Largest relative change of contrast and of each channel's gain; 0: none, as the paper. */
  light: z.number().min(0).max(0.5).default(0.2),
});

const keyAugmentation = augmentation.extend({
  /** What the scale is relative to: the picture's own size, or its best scale, at which the teacher sees it. */
  scaleOf: z.enum(['picture', 'best']).default('picture'),
  compression: compression.prefault({}),
});

const RISING_SCALE = { path: ['scale'], message: 'must be [low, high]' };

const rises = ({ scale: [low, high] }: { readonly scale: readonly [number, number] }): boolean => low <= high;

const MIXED_TOO_MUCH = {
  path: ['data', 'sequences'],
  message: 'must be at most 1 together with data.street',
};

const sharesFit = (config: { readonly data: z.infer<typeof data> }): boolean =>
  config.data.street + config.data.sequences <= 1;

/** Step 1: the key-frame CNN. `size` is that of the random crop. */
export const keyConfigSchema = z
  .strictObject({
    ...shared,
    /** The paper's network, or EfficientViT-Seg-B0, which has its own backbone and starts from its authors' weights. */
    architecture: z.enum(ARCHITECTURES).default('lateral'),
    /**
     * Losses look at every so many pixels each way. Where pictures are enlarged, labels hold no more; a loss over all
     * pixels then takes a quarter of a step.
     */
    labelStride: z.literal([1, 2]).default(1),
    /**
     * How far the shipped weights lie on the way from the start of the training to its end; less than 1 keeps more of what
     * the start was good at (Wortsman et al. 2022).
     */
    interpolation: z.number().gt(0).max(1).default(1),
    /** Held-out stills are enlarged by this before they are labelled, as videos of their size will be. */
    workingScale: z.number().min(0.25).max(4).default(1),
    steps: z.int().min(1).default(2500),
    learningRate: z.number().positive().default(2e-3),
    encoderRateFactor: z.number().min(0).max(1).default(0.1),
    /** Share of the steps after which batch norm uses its stored statistics, so that training sees what inference does. */
    freezeNormAfter: z.number().min(0).max(1).default(0.75),
    augmentation: keyAugmentation.prefault({}).refine(rises, RISING_SCALE),
    data: data.extend(unlabelled).prefault({}),
    teacher: teacher.prefault({}),
  })
  .refine(sharesFit, MIXED_TOO_MUCH);

/**
 * The correction stage alone, on features of the fixed networks: L_consist over whole clips, differentiated through
 * the warps, so that φ_r learns what its corrections become some frames later.
 */
const correction = z.strictObject({
  /** 0: no such training; the correction stage starts as plain warping. */
  steps: z.int().min(0).default(1500),
  batch: z.int().min(1).default(4),
  learningRate: z.number().positive().default(5e-4),
  schedule: schedule.default({ kind: 'poly', power: 0.9, warmup: 20 }),
  /** Largest norm of the gradient. */
  clipNorm: z.number().positive().default(1),
  /** Consecutive non-key frames that a step differentiates through. */
  unroll: z.int().min(1).max(59).default(11),
  /** Largest window of the context's grid in cells: a warp's matrix has their number squared. */
  window: z
    .strictObject({ rows: z.int().min(4), columns: z.int().min(4) })
    .default({ rows: 24, columns: 32 }),
  /** Clips whose features are kept; every step takes in a fresh one for the oldest. */
  pool: z.int().min(1).default(64),
});

/** Step 2: the non-key-frame CNN, the key-frame CNN fixed. Whole pictures, no crop: `size` is the stills'. */
export const nonKeyConfigSchema = z
  .strictObject({
    ...shared,
    layer: z.literal([1, 2]).default(1),
    batch: z.int().min(1).default(4),
    /** 0: nothing is trained, the layers keep the key-frame CNN's parameters (Table 1, not fine-tuned). */
    steps: z.int().min(0).default(500),
    /** Low: batch norm is frozen, and a correction's error comes back with every frame. */
    learningRate: z.number().positive().default(2e-4),
    encoderRateFactor: z.number().min(0).max(1).default(0.25),
    /** Factor on the rate of the head and tail layers; 0: they stay as they are, the correction stage alone is trained. */
    layersRateFactor: z.number().min(0).max(1).default(1),
    /** Factor on the rate of the correction stage once the rest is trained with it. */
    correctionRateFactor: z.number().min(0).max(1).default(0.1),
    /** The correction stage's own training, before the rest is trained with it. */
    correction: correction.prefault({}),
    /** λ1 of Eq. 8; 0: no L_consist, in the correction stage's own training neither (there is none then). */
    consistencyWeight: z.number().min(0).default(10),
    /** Context feature rectification (Sec. 4.3). */
    cfr: z.boolean().default(true),
    /** Residual-guided attention (Sec. 4.4); only with `cfr`. */
    rga: z.boolean().default(true),
    /** Rank of the tail's 3 × 3 convolutions, which makes the non-key frame faster (see `factoriseTail`); 0: whole, as the paper. */
    tailRank: z.int().min(0).max(63).default(0),
    /**
     * How far the shipped weights lie on the way from the start of the training to its end; less than 1 keeps more of what
     * the start was good at (Wortsman et al. 2022). Only without a training of the correction stage's own.
     */
    interpolation: z.number().gt(0).max(1).default(1),
    /** Of the stills that clips are made from; none by default, as the paper has no crop here. With scales from 1 up a clip has no border. */
    augmentation: augmentation.prefault({ scale: [1, 1], flip: false, light: 0 }).refine(rises, RISING_SCALE),
    /** Frames of a made clip: 2 is the paper's pair; with more the network also learns on its own features. */
    clipLength: z.int().min(2).max(60).default(12),
    /** Consecutive frames that a step differentiates through; 1 is the paper's rule. */
    unroll: z.int().min(1).max(59).default(1),
  })
  .refine(sharesFit, MIXED_TOO_MUCH)
  .refine(({ interpolation, correction: { steps } }) => interpolation === 1 || steps === 0, {
    path: ['interpolation'],
    message: 'must be 1 where the correction stage is trained on its own; set correction.steps to 0',
  })
  .refine(({ unroll, clipLength }) => unroll < clipLength, {
    path: ['unroll'],
    message: 'must be smaller than clipLength: a clip begins with a key frame',
  });

export type KeyConfig = z.infer<typeof keyConfigSchema>;
export type NonKeyConfig = z.infer<typeof nonKeyConfigSchema>;
