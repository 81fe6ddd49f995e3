/**
 * `twnet adapt`: an imported network's own footage teaches a light one what frames between its key frames are to look like.
 * Nothing is labelled: the network itself says what it would have given.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { ModelCard } from '@twnet/core/model/model-card';
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
import { StoredSamples } from './stored-samples.js';
import { best, isKept, POINT, waysOf } from './ways.js';
import { windowOf } from './window.js';

export interface AdaptOptions {
  /** Folder of an imported model; the network is added to it. */
  readonly model: string;
  readonly videos: readonly string[];
  /** 0: nothing is learnt, and what the model has is judged. */
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
/** Of the network on every frame, where nothing is learnt. */
const JUDGING_ALONE = MINUTE;
const SEED = 1;
/** Bytes of a file's beginning and end that tell it from others. */
const SIDE = 2 ** 16;

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
  const onWay = (name: string) => progress.note(`judging held-out footage: ${name}`);
  if (minutes === 0) {
    const ways = await judge(model, footage, waysOf(model, footage), {
      ...{ threads, signal, onWay, milliseconds: JUDGING_ALONE },
    });
    return { model: options.model, steps: 0, samples: 0, ...summary(ways, model) };
  }
  const window = windowOf(footage);
  if (window.width < 32 || window.height < 32)
    throw new InputError(
      `${videos[0]}: frames of ${footage[0].width}×${footage[0].height} are too small to adapt to`,
    );
  const config = adaptedConfig(window);
  const identity = await identityOf(model.card.networks.key.sha256 ?? model.digest, footage, config);
  await using folder = await RunFolder.open(out, { ...config, identity }, true);
  // A run of something else is told before the network looks at anything.
  await folder.resumedState();
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
  return { model: options.model, steps: learnt.steps, samples: samples.count, ...summary(ways, adapted) };
}

const summary = (
  ways: readonly Judged[],
  { card }: Model,
): Pick<Adaptation, 'ways' | 'recommended' | 'palette'> => ({
  ways,
  recommended: best(ways),
  palette: card.palette,
});

function adaptedConfig(window: { width: number; height: number }): PointConfig {
  const size = { width: 2 * window.width, height: 2 * window.height };
  const design = { propagated: 'scores', divisor: 4 };
  return resolvePointConfig({ speed: POINT, design, size, batch: 2, seed: SEED }, 'adapt');
}

/** Of what is learnt: runs of another are not gone on with. Files may have been moved or copied since. */
async function identityOf(digest: string, footage: readonly Footage[], config: PointConfig): Promise<string> {
  const files: unknown[] = [];
  for (const { path, width, height } of footage) files.push([await fingerprint(path), width, height]);
  const said = JSON.stringify([digest, files, config]);
  return createHash('sha256').update(said).digest('hex');
}

/** Of a file's size, its beginning and its end. */
async function fingerprint(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new InputError(`${path}: is no file; what is learnt on is read several times`);
  const { size } = found;
  await using file = await open(path);
  const hash = createHash('sha256').update(String(size));
  const length = Math.min(size, SIDE);
  for (const position of [0, size - length]) {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    hash.update(buffer);
  }
  return hash.digest('hex');
}

function withoutPoint(card: ModelCard): ModelCard {
  const { [POINT]: _point, ...networks } = card.networks;
  return { ...card, networks };
}
