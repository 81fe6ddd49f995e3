/**
 * Trains designs of a segmenter's operating points for a few hundred steps each on one pool of clips, whose features are
 * computed once, and says how often their labels are those of the per-frame network on the clean picture, by distance
 * from the key frame; goes on where it was stopped. Writes `<out>/table.md` and `<out>/table.json`.
 *
 *   npx tsx tools/ablation/points.ts --model DIR --videos FILE… --out runs/points [--steps 300] [--size 384x256]
 *     [--learnt 72] [--held-out 18] [--only accurate,fast] [--variants FILE]
 *
 * `--variants`: JSON, configurations of `train nonkey --speed` by name, instead of {@link POINT_VARIANTS}.
 */
import '@twnet/node/kernels/provide';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { warpFeatures } from '@twnet/core/motion/warp';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import type { TensorData } from '@twnet/core/runtime/engine';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { GraphSession } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import type { PointConfig } from '@twnet/train/config/point-config';
import { resolvePointConfig } from '@twnet/train/config/presets';
import {
  pictureSize,
  pointDescription,
  pointStart,
  pointStepGraph,
  propagatedGrid,
} from '@twnet/train/non-key/points/point-training';
import { learningRateAt } from '@twnet/train/run/loop';
import { freshState, runStep } from '@twnet/train/run/state';
import { averageWeights, shippedWeights } from '@twnet/train/run/weight-average';
import { LENGTH, openPool, type Pool, type PooledFrame } from './point-pool.js';
import { POINT_VARIANTS } from './variants.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    videos: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'runs/points' },
    steps: { type: 'string', default: '300' },
    size: { type: 'string', default: '384x256' },
    learnt: { type: 'string', default: '72' },
    'held-out': { type: 'string', default: '18' },
    only: { type: 'string' },
    variants: { type: 'string' },
  },
});
const videos = [...values.videos, ...positionals];
if (!values.model || videos.length === 0) throw new Error('give --model and --videos');

const BATCH = 4;
/** Clips that a design which carries features on walks through at a time. */
const SLOTS = 16;
const DISTANCES = [1, 2, 4, 6, 8, 10, 11];

const { out } = values;
await mkdir(out, { recursive: true });
const model = await Model.open(values.model);
const { classes } = model;
const key: LoadedNetwork = {
  description: efficientVitSegmenter(classes),
  weights: model.keyFrame().weights,
};
const [width, height] = values.size.split('x').map(Number);
const clips = { learnt: Number(values.learnt), heldOut: Number(values['held-out']) };
const size = { width, height };
const pool: Pool = await openPool(join(out, 'pool.bin'), key, { videos, size, clips, classes });

/** Shares of labels that are the per-frame network's on the clean picture, by distance, and on the decoded one, in all. */
interface Row {
  readonly byDistance: readonly number[];
  readonly decoded: number;
  /** Of the processor, for a step; none where nothing was trained. */
  readonly milliseconds?: number;
}

const equalShare = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, label, i) => sum + (label === b[i] ? 1 : 0), 0) / a.length;
const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;

/** Scores what gives a frame's labels from what was kept of the clip. */
async function scored(
  label: (frame: PooledFrame, clip: number, t: number) => Promise<Uint8Array>,
): Promise<Row> {
  const shares = DISTANCES.map((): number[] => []);
  const decoded: number[] = [];
  for (const [clip, { frames }] of pool.heldOut.entries())
    for (const [i, frame] of frames.entries()) {
      const labels = await label(frame, clip, i + 1);
      const place = DISTANCES.indexOf(i + 1);
      if (place < 0) continue;
      shares[place].push(equalShare(labels, frame.clean));
      decoded.push(equalShare(labels, frame.decoded));
    }
  return { byDistance: shares.map(mean), decoded: mean(decoded) };
}

/** What is propagated of a pass of the key-frame network. */
const propagated = (
  config: PointConfig,
  pass: { context: Float32Array; scores: Float32Array },
): Float32Array => (config.design.propagated === 'scores' ? pass.scores : pass.context);

const motionOf = (config: PointConfig, frame: PooledFrame) =>
  config.design.accumulated ? frame.accumulated : frame.carried;

async function score(config: PointConfig, weights: Weights): Promise<Row> {
  const { design } = config;
  const description = pointDescription(config, classes);
  const graph = inferenceGraph(description, weights, size.height, size.width, { keepBlocked: true });
  await using session = await GraphSession.open(graph, { threads: 1 });
  const [channels] = propagatedGrid(design, classes, size);
  const half = pictureSize(size);
  let kept = new Float32Array(0);
  return await scored(async (frame, clip, t) => {
    if (t === 1) kept = propagated(config, pool.heldOut[clip].key) as Float32Array<ArrayBuffer>;
    const { field, residual } = motionOf(config, frame);
    const warped = warpFeatures(kept, channels, field);
    const { scores, context } = await session.run({ image: frame.image, warped, residual });
    if (!design.accumulated) kept = (design.cfr ? context : warped) as Float32Array<ArrayBuffer>;
    return labelsFromScores(scores as Float32Array, classes, half.width, half.height);
  });
}

async function train(config: PointConfig): Promise<Row> {
  const { design, batch, steps, ema } = config;
  const step = pointStepGraph(config, classes, false);
  await using session = await GraphSession.open(step.graph, { threads: 1, memoryPattern: false });
  const state = freshState(pointStart(config, classes, key.weights, seededRandom(1)));
  const [channels] = propagatedGrid(design, classes, size);
  const carried = new Map<number, Float32Array>();
  const random = seededRandom(3);
  const draw = (place: number): { clip: number; t: number; slot: number } => {
    const n = state.step * batch + place;
    const slot = n % SLOTS;
    if (design.accumulated)
      return { clip: Math.floor(random() * clips.learnt), t: 1 + Math.floor(random() * (LENGTH - 1)), slot };
    // Slots begin at different frames, so that a batch has many distances.
    const turn = Math.floor(n / SLOTS) + slot;
    const clip = (slot + SLOTS * Math.floor(turn / (LENGTH - 1))) % clips.learnt;
    return { clip, t: 1 + (turn % (LENGTH - 1)), slot };
  };
  const begun = process.cpuUsage();
  while (state.step < steps) {
    const drawn = Array.from({ length: batch }, (_, place) => draw(place));
    const samples = drawn.map(({ clip, t, slot }) => {
      const { key: first, frames } = pool.learnt[clip];
      const frame = frames[t - 1];
      const { field, residual } = motionOf(config, frame);
      const isFirst = design.accumulated || t === 1;
      const before = isFirst ? propagated(config, first) : propagated(config, frames[t - 2].target);
      const from = isFirst ? before : (carried.get(slot) ?? before);
      const warped = warpFeatures(from, channels, field);
      const [target, targetScores] = [propagated(config, frame.target), frame.target.scores];
      return { image: frame.image, warped, residual, target, targetScores };
    });
    const results = await runStep(session, step, state, joined(samples), learningRateAt(state.step, config));
    averageWeights(state, ema);
    const context = results.context as Float32Array | undefined;
    for (const [place, { slot, t }] of drawn.entries()) {
      if (!context) break;
      const values = context.length / batch;
      if (t === LENGTH - 1) carried.delete(slot);
      else carried.set(slot, context.slice(place * values, (place + 1) * values));
    }
  }
  const { user, system } = process.cpuUsage(begun);
  const milliseconds = (user + system) / 1000 / steps;
  return { ...(await score(config, shippedWeights(state))), milliseconds };
}

/** Samples side by side. */
function joined(samples: readonly Readonly<Record<string, TensorData>>[]): Record<string, TensorData> {
  const names = Object.keys(samples[0]);
  return Object.fromEntries(
    names.map((name) => {
      const parts = samples.map((sample) => sample[name] as Float32Array);
      const all = new (parts[0].constructor as Float32ArrayConstructor)(parts[0].length * parts.length);
      for (const [i, part] of parts.entries()) all.set(part, i * part.length);
      return [name, all];
    }),
  );
}

const file = join(out, 'table.json');
const rows: Record<string, Row> = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
async function row(name: string, make: () => Promise<Row>): Promise<void> {
  rows[name] ??= await make();
  const { byDistance, decoded, milliseconds } = rows[name];
  const cells = [...byDistance, mean(byDistance), decoded].map((share) => (100 * share).toFixed(2));
  lines.push(`| ${name} | ${cells.join(' | ')} | ${milliseconds?.toFixed(0) ?? ''} |`);
  process.stdout.write(`${lines.at(-1)}\n`);
  await writeFile(file, `${JSON.stringify(rows, null, 2)}\n`);
  await writeFile(join(out, 'table.md'), `${lines.join('\n')}\n`);
}

const lines = [
  `| design | ${DISTANCES.join(' | ')} | mean | against decoded | ms of a step |`,
  `| --- |${' --- |'.repeat(DISTANCES.length + 3)}`,
];
const warpAlone = (keys: object) =>
  resolvePointConfig({ size, design: { ...keys, cfr: false, rga: false } }, 'options');
await row('per frame on the decoded picture', () => scored(async ({ decoded }) => decoded));
for (const accumulated of [true, false])
  await row(`warp alone, ${accumulated ? 'accumulated' : 'carried on'}`, () =>
    score(warpAlone({ accumulated }), key.weights),
  );
const variants: Readonly<Record<string, object>> = values.variants
  ? JSON.parse(await readFile(values.variants, 'utf8'))
  : POINT_VARIANTS;
const wanted = values.only?.split(',');
for (const [name, own] of Object.entries(variants)) {
  if (wanted && !wanted.includes(name)) continue;
  const shared = { size, batch: BATCH, steps: Number(values.steps), ema: 0.98 };
  await row(name, () => train(resolvePointConfig({ ...shared, ...own }, name)));
}
