/** What the ablations train: the modules of the paper's tables and the switches beyond them. */

export interface Variant {
  readonly name: string;
  readonly what: string;
  /** Configuration of the step beside the shared one. */
  readonly config: Readonly<Record<string, unknown>>;
}

const PLAIN = { cfr: false, rga: false };
const CFR_ALONE = { rga: false };

/** Step 2. */
export const NON_KEY_VARIANTS: readonly Variant[] = [
  { name: 'fine-tuned', what: '+ fine-tuning', config: PLAIN },
  { name: 'cfr-0', what: '+ CFR, λ1 = 0', config: { ...CFR_ALONE, consistencyWeight: 0 } },
  { name: 'cfr-1', what: '+ CFR, λ1 = 1', config: { ...CFR_ALONE, consistencyWeight: 1 } },
  { name: 'cfr-10', what: '+ CFR, λ1 = 10', config: CFR_ALONE },
  { name: 'cfr-20', what: '+ CFR, λ1 = 20', config: { ...CFR_ALONE, consistencyWeight: 20 } },
  { name: 'full', what: '+ CFR, λ1 = 10, + RGA: the default', config: {} },
  {
    name: 'one-frame',
    what: 'default without the correction stage’s own training',
    config: { correction: { steps: 0 } },
  },
  { name: 'pairs', what: 'default on pairs of frames (the paper’s rule)', config: { clipLength: 2 } },
  {
    name: 'unrolled',
    what: 'default, joint training unrolled over 3 frames',
    config: { unroll: 3, batch: 2 },
  },
  {
    name: 'street',
    what: 'default, a quarter of the clips street scenes',
    config: { data: { street: 0.25 } },
  },
  { name: 'street-only', what: 'default, street scenes alone', config: { data: { street: 1 } } },
  { name: 'averaged', what: 'default, weights averaged (decay 0.99)', config: { ema: 0.99 } },
];

/** Step 1. The first one is the paper's rules, the second ours; the others change one thing of ours. */
export const KEY_VARIANTS: readonly Variant[] = [
  { name: 'paper', what: "the paper's rules (Sec. 5.1.2)", config: { preset: 'paper' } },
  { name: 'default', what: 'ours', config: {} },
  {
    name: 'constant-rate',
    what: 'constant rate instead of poly with warm-up',
    config: { schedule: { kind: 'constant', warmup: 0 } },
  },
  {
    name: 'slow-encoder',
    what: "encoder at 1/100 of the rate (the paper's rule)",
    config: { encoderRateFactor: 0.01 },
  },
  { name: 'equal-weights', what: "all classes alike (the paper's rule)", config: { classWeights: 'none' } },
  { name: 'jaccard', what: '+ soft Jaccard loss', config: { jaccardWeight: 1 } },
  {
    name: 'no-light',
    what: "no changes of light (the paper's rule)",
    config: { augmentation: { light: 0 } },
  },
  {
    name: 'norm-batch',
    what: "batch norm by the batch's statistics to the end",
    config: { freezeNormAfter: 1 },
  },
  { name: 'averaged', what: 'weights averaged (decay 0.99)', config: { ema: 0.99 } },
  { name: 'street', what: 'a quarter of each batch street scenes', config: { data: { street: 0.25 } } },
];

/** Operating points of a segmenter: configurations of `train nonkey --speed`. */
export const POINT_VARIANTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  accurate: {},
  'accurate: carried on': { design: { accumulated: false } },
  'accurate: scores': { design: { propagated: 'scores' } },
  'accurate: hidden 16': { design: { hidden: 16 } },
  'accurate: hidden 64': { design: { hidden: 64 } },
  'accurate: without RGA': { design: { rga: false } },
  'accurate: a quarter of the size': { design: { divisor: 4 } },
  'accurate: L_consist': { consistencyWeight: 1 },
  'accurate: rate 1e-3': { learningRate: 1e-3 },
  'accurate: rate 1e-2': { learningRate: 1e-2 },
  fast: { speed: 'fast' },
  'fast: carried on': { speed: 'fast', design: { accumulated: false } },
  'fast: refined': { speed: 'fast', design: { propagated: 'refined' } },
  'fast: hidden 16': { speed: 'fast', design: { hidden: 16 } },
  'fast: L_consist': { speed: 'fast', consistencyWeight: 1 },
};
