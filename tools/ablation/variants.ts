/** What the ablation trains: the modules of the paper's tables and the switches beyond them. */

export interface Variant {
  readonly name: string;
  readonly what: string;
  /** Configuration of step 2 beside the shared one. */
  readonly config: Readonly<Record<string, unknown>>;
}

const PLAIN = { cfr: false, rga: false };
const CFR_ALONE = { rga: false };

export const VARIANTS: readonly Variant[] = [
  { name: 'tuned', what: '+ fine-tuning (NKFC)', config: PLAIN },
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
