/// <reference types="node" preserve="true" />
export {
  type KeyConfig,
  keyConfigSchema,
  type NonKeyConfig,
  nonKeyConfigSchema,
} from './config.js';
export type { TrainingProgress } from './loop.js';
export { parseConfig } from './parse-config.js';
export { PRESETS, type Preset, resolveConfig } from './presets.js';
export { type StepTiming, timeKeyStep } from './step-timing.js';
export { type TrainKeyOptions, trainKey } from './train-key.js';
export { type TrainNonKeyOptions, trainNonKey } from './train-non-key.js';
