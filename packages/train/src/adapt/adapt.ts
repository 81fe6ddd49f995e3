/**
 * `twnet adapt`: an imported network's own footage teaches a light one what frames between its key frames are to look like.
 * Nothing is labelled: the network itself says what it would have given.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { ModelCard } from '@twnet/core/model/model-card';
import type { Speed } from '@twnet/core/network/operating-point';
import { openingFor } from '@twnet/core/runtime/frame-sizes';
import { Model } from '@twnet/node/model/model';
import { readModelCard } from '@twnet/node/model/model-files';
import { writeModelCard, writeModelNetwork } from '@twnet/node/model/model-writer';
import { loadNetworks } from '@twnet/node/networks/networks';
import type { PointConfig } from '../config/point-config.js';
import { resolvePointConfig } from '../config/presets.js';
import type { TrainingProgress } from '../run/loop.js';
import { RunFolder } from '../run/run-folder.js';
import { type Footage, footageOf } from './footage.js';
import { type Judged, judge } from './judge.js';
import { learn } from './learn.js';
import { makeSamples } from './make-samples.js';
import type { Way } from './run-way.js';
import { StoredSamples } from './stored-samples.js';
import { windowOf } from './window.js';

export interface AdaptOptions {
  /** Folder of an imported model; the network is added to it. */
  readonly model: string;
  readonly videos: readonly string[];
  readonly minutes: number;
  /** Run folder; one that holds a run of the same is gone on with. */
  readonly out: string;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  readonly signal?: AbortSignal;
}

export interface Adaptation {
  readonly model: string;
  readonly steps: number;
  readonly samples: number;
  /** The network on every frame first. */
  readonly ways: readonly Judged[];
  readonly recommended: Judged;
  readonly palette: readonly (readonly [number, number, number])[];
}

/** Shares of the time for looking at the footage and for learning; what is left is for judging. */
const LOOKING = 0.25;
const LEARNING = 0.6;
const MINUTE = 60_000;
/** Mean residuals that ask for a key frame, 0..255: one for little that changes, one for much. */
const ADAPTIVE = [5, 50];
/** Labels that have to agree for a setting to be recommended. */
const ENOUGH = 0.96;
const SEED = 1;

/** @throws InputError, OutputError; the signal's reason */
export async function adapt(options: AdaptOptions): Promise<Adaptation> {
  const { videos, minutes, out, threads, progress, signal } = options;
  const model = await Model.open(options.model);
  if (!model.imported)
    throw new InputError(
      `${options.model}: is no imported network; twnet train nonkey --speed trains the points of others`,
    );
  const classes = model.classes;
  const opening = openingFor(model.card);
  const footage: Footage[] = [];
  for (const path of videos) footage.push(await footageOf(path, opening));
  const window = windowOf(footage);
  if (window.width < 32 || window.height < 32)
    throw new InputError(
      `${videos[0]}: frames of ${footage[0].width}×${footage[0].height} are too small to adapt to`,
    );
  const config = adaptedConfig(window);
  const identity = await identityOf(model.card.networks.key.sha256 ?? model.digest, footage, config);
  await using folder = await RunFolder.open(out, { ...config, identity }, true);
  const of = join(out, 'samples');
  let samples = await StoredSamples.resume(of, classes, identity);
  if (samples) progress.note(`${samples.count} samples of an earlier run`);
  else {
    samples = await StoredSamples.begin(of, classes, identity);
    await makeSamples(samples, {
      ...{ footage, opening, classes, seed: SEED, milliseconds: LOOKING * minutes * MINUTE, signal },
      open: ({ width, height }) => loadNetworks(model, { width, height, perFrame: true, threads }),
      onGroup: (done, total) => progress.step(done, total, Number.NaN),
    });
    await samples.end();
    progress.note(`the network has looked at ${samples.count} frames`);
  }
  const milliseconds = LEARNING * minutes * MINUTE;
  const learnt = await learn({ config, classes, samples, folder, milliseconds, threads, progress, signal });
  const { cfr, rga, ...point } = config.design;
  const card = await readModelCard(options.model);
  await writeModelNetwork(options.model, card, POINT, learnt.weights, {
    ...{ correction: { cfr, rga: cfr && rga }, point, training: { ...config, minutes, steps: learnt.steps } },
  });
  const adapted = await Model.open(options.model);
  const onWay = (name: string) => progress.note(`judging held-out footage: ${name}`);
  const judging = (1 - LOOKING - LEARNING) * minutes * MINUTE;
  const ways = await judge(adapted, footage, waysOf(adapted, footage), {
    ...{ threads, signal, onWay, milliseconds: judging / 4 },
  });
  if (!isKept(ways)) {
    // Worse than nothing: the model stays as it was.
    await writeModelCard(options.model, withoutPoint(await readModelCard(options.model)));
    progress.note(
      'what was learnt does not yet beat warping alone, and is left out; the same command goes on',
    );
  }
  await folder.writeJson(
    'result.json',
    ways.map(({ worst: _worst, ...figures }) => figures),
  );
  const { palette } = adapted.card;
  const result = { steps: learnt.steps, samples: samples.count, ways, recommended: best(ways), palette };
  return { model: options.model, ...result };
}

/** What is learnt corrects what is warped from the key frame before. */
const POINT = 'causal' satisfies Speed;

function adaptedConfig(window: { width: number; height: number }): PointConfig {
  const size = { width: 2 * window.width, height: 2 * window.height };
  const design = { propagated: 'scores', divisor: 4 };
  return resolvePointConfig({ speed: POINT, design, size, batch: 2, seed: SEED }, 'adapt');
}

/** Of what is learnt: runs of another are not gone on with. */
async function identityOf(digest: string, footage: readonly Footage[], config: PointConfig): Promise<string> {
  const files: unknown[] = [];
  for (const { path, width, height } of footage) {
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw new InputError(`${path}: is no file; what is learnt on is read several times`);
    });
    files.push([path, size, mtimeMs, width, height]);
  }
  const said = JSON.stringify([digest, files, config]);
  return createHash('sha256').update(said).digest('hex');
}

function waysOf({ card }: Model, [{ scale }]: readonly Footage[]): Way[] {
  const resizes = card.imported?.input.multiple !== undefined;
  const smaller = resizes ? [0.75, 0.5] : [];
  return [
    { name: 'the network on every frame', options: '--per-frame', perFrame: true },
    ...smaller.map((share) => ({
      name: `the network on every frame, ${share} of the sides`,
      options: `--per-frame --scale ${Number((scale * share).toFixed(3))}`,
      ...{ perFrame: true, share },
    })),
    {
      name: 'scores warped from the key frames before and after, one in 4',
      options: '--speed accurate',
      ...{ speed: 'accurate', keyFrames: { mode: 'every', n: 4 } },
    },
    {
      name: 'scores warped from the key frames before and after, one in 6',
      options: '--speed fast --key-frames every:6',
      ...{ speed: 'fast', keyFrames: { mode: 'every', n: 6 } },
    },
    {
      name: 'scores warped from the key frames before and after, one in 12',
      options: '--speed fast --key-frames every:12',
      speed: 'fast',
    },
    ...ADAPTIVE.map((threshold) => ({
      name: `the same, with key frames where the residual says so (${threshold})`,
      options: `--speed fast --key-frames adaptive:${threshold}`,
      ...({ speed: 'fast', keyFrames: { mode: 'adaptive', threshold } } as const),
    })),
    { name: 'scores warped from the key frame before', options: '', speed: POINT, warpAlone: true },
    { name: 'the same, adapted', options: `--speed ${POINT} --key-frames every:12`, speed: POINT },
  ];
}

/** The fastest whose labels agree enough; else the one that agrees most, of those faster than the network itself. */
function best([own, ...others]: readonly Judged[]): Judged {
  const [warped, adapted] = others.slice(-2);
  // Of what the model has in the end.
  const dropped = isKept(others) ? warped : adapted;
  const faster = others.filter((way) => way !== dropped && way.framesPerSecond > own.framesPerSecond);
  const enough = faster.filter(({ agreement }) => agreement >= ENOUGH);
  if (enough.length > 0) return enough.reduce((a, b) => (b.framesPerSecond > a.framesPerSecond ? b : a));
  return faster.reduce((a, b) => (b.agreement > a.agreement ? b : a), faster[0] ?? own);
}

/** Whether what was learnt, the last of the ways, is no worse than warping alone, the one before it. */
function isKept(ways: readonly Judged[]): boolean {
  const [warped, adapted] = ways.slice(-2);
  return !(adapted.agreement < warped.agreement);
}

function withoutPoint(card: ModelCard): ModelCard {
  const { [POINT]: _point, ...networks } = card.networks;
  return { ...card, networks };
}
