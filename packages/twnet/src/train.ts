/// <reference types="node" preserve="true" />
/**
 * The two training steps and their configuration.
 *
 * @module twnet/train
 */
import '@twnet/node/kernels/provide';

export {
  type KeyConfig,
  keyConfigSchema,
  type NonKeyConfig,
  nonKeyConfigSchema,
} from '@twnet/train/config/config';
export { parseConfig } from '@twnet/train/config/parse-config';
export { type PointConfig, pointConfigSchema } from '@twnet/train/config/point-config';
export { PRESETS, type Preset, resolveConfig, resolvePointConfig } from '@twnet/train/config/presets';
export { type TrainKeyOptions, trainKey } from '@twnet/train/key/train-key';
export { type TrainPointOptions, trainPoint } from '@twnet/train/non-key/points/train-point';
export { type TrainNonKeyOptions, trainNonKey } from '@twnet/train/non-key/train-non-key';
export type { TrainingProgress } from '@twnet/train/run/loop';
