/** Named configurations: our defaults, and the paper's own rules. */
import { InputError } from '@twnet/core/errors';
import { SPEEDS, type Speed } from '@twnet/core/network/operating-point';
import { nearest } from '@twnet/core/options/nearest';
import { type KeyConfig, keyConfigSchema, type NonKeyConfig, nonKeyConfigSchema } from './config.js';
import { mergeConfig, parseConfig } from './parse-config.js';
import { POINT_DEFAULTS, type PointConfig, pointConfigSchema } from './point-config.js';

export const PRESETS = ['default', 'paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** Rules that hold in both steps (Sec. 5.1.2). */
const PAPER_SHARED = {
  backbone: 'mobilenet-v1',
  holdOut: 0,
  steps: 90_000,
  learningRate: 1e-2,
  encoderRateFactor: 1 / 100,
  weightDecay: 1e-7,
  schedule: { kind: 'constant', warmup: 0 },
  classWeights: 'none',
  ema: 0,
  validateEvery: 0,
};

/** Sec. 5.1.2, with the sizes it gives for CamVid. */
const PAPER = {
  key: {
    ...PAPER_SHARED,
    size: { height: 600, width: 600 },
    batch: 8,
    freezeNormAfter: 1,
    augmentation: { scale: [0.5, 2], flip: true, light: 0 },
  },
  nonkey: {
    ...PAPER_SHARED,
    // Real frames, up to the labelled one.
    data: { sequences: 1 },
    size: { height: 720, width: 960 },
    batch: 4,
    layer: 1,
    consistencyWeight: 10,
    cfr: true,
    rga: true,
    clipLength: 2,
    unroll: 1,
    // φ_r and φ_a are trained with the rest, at its rate.
    correction: { steps: 0 },
    correctionRateFactor: 1,
  },
};

const SCHEMAS = { key: keyConfigSchema, nonkey: nonKeyConfigSchema };

export interface ConfigOf {
  readonly key: KeyConfig;
  readonly nonkey: NonKeyConfig;
}

/**
 * The whole configuration of a step: `own` keys over those of the preset that it names (`"preset": "paper"`), over the
 * defaults.
 *
 * @param source where `own` came from, for errors
 * @throws InputError one line that names the key
 */
export function resolveConfig<S extends keyof ConfigOf>(step: S, own: unknown, source: string): ConfigOf[S] {
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    return parseConfig<unknown>(SCHEMAS[step], own, source) as ConfigOf[S];
  const { preset = 'default', ...keys } = own as Record<string, unknown>;
  if (!PRESETS.includes(preset as Preset)) {
    const near = typeof preset === 'string' ? nearest(preset, PRESETS) : undefined;
    throw new InputError(
      `${source}: preset: ${JSON.stringify(preset)} is not one of ${PRESETS.join(', ')}${near ? `; did you mean "${near}"?` : ''}`,
    );
  }
  const merged = preset === 'paper' ? mergeConfig(PAPER[step], keys) : keys;
  return parseConfig<unknown>(SCHEMAS[step], merged, source) as ConfigOf[S];
}

/**
 * The whole configuration of step 2 for an operating point: `own` keys over the defaults of the speed that they name.
 *
 * @param source where `own` came from, for errors
 * @throws InputError one line that names the key
 */
export function resolvePointConfig(own: unknown, source: string): PointConfig {
  const isKeys = typeof own === 'object' && own !== null && !Array.isArray(own);
  if (!isKeys) return parseConfig<unknown>(pointConfigSchema, own, source) as PointConfig;
  const { speed } = own as { speed?: Speed };
  const base = speed !== undefined && SPEEDS.includes(speed) ? POINT_DEFAULTS[speed] : {};
  return parseConfig<unknown>(
    pointConfigSchema,
    mergeConfig(base, own as Readonly<Record<string, unknown>>),
    source,
  ) as PointConfig;
}
