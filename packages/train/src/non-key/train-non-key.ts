/** `twnet train nonkey`: step 2 from a model with a key-frame network to one with a non-key-frame network. */
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { CONTEXT } from '@twnet/core/network/key-frame';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import { readModelCard } from '@twnet/node/model/model-files';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import type { NonKeyConfig } from '../config/config.js';
import { labelWeights } from '../data/class-weights.js';
import { loadTrainingStills } from '../data/data-set-stills.js';
import { SEED_OFFSET, STREAM } from '../data/random-streams.js';
import { StillClipSource } from '../data/still-clip-source.js';
import { prefixed } from '../key/train-key.js';
import { copyShared } from '../run/initial-weights.js';
import { type TrainingProgress, trainingLoop } from '../run/loop.js';
import { advisingOnMemory, estimateStepMemory, refuseTooLarge } from '../run/memory.js';
import { RunFolder } from '../run/run-folder.js';
import { freshState, runStep } from '../run/state.js';
import { checkTrainingOptions } from '../run/trainer-options.js';
import { mixedClips, type TrainingStills } from '../run/training-data.js';
import { validateClips } from '../run/validation.js';
import { interpolated, shippedWeights } from '../run/weight-average.js';
import { ClipSlots } from './clip-slots.js';
import { ContextTeacher } from './context-teacher.js';
import { nonKeyDescription, nonKeyStart, nonKeyStepGraph } from './non-key-training.js';
import { trainCorrection } from './train-correction.js';

export interface TrainNonKeyOptions {
  readonly config: NonKeyConfig;
  readonly data: string;
  readonly out: string;
  /** Model folder with the key-frame network; the trained network is added to it. */
  readonly model: string;
  /** Model folder whose non-key-frame network of the same layer is trained further; default: the key-frame network's layers. */
  readonly from?: string;
  readonly resume: boolean;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  /**
   * Ends training after the step that runs, with the signal's reason, when it is aborted; the run folder then has a
   * checkpoint of the steps so far, which `resume` goes on from.
   */
  readonly signal?: AbortSignal;
}

/** Clips in flight for every one in a batch. */
const POOL_FACTOR = 6;
/** Made clips that validation runs over. */
const VALIDATION_CLIPS = 8;

/**
 * Trains, adds the network to the model's folder; gives the validation's scores. What it opens is closed however it ends.
 *
 * @throws InputError, OutputError; TwnetError for a training that diverges; the signal's reason
 */
export async function trainNonKey(options: TrainNonKeyOptions): Promise<Readonly<Record<string, number>>> {
  checkTrainingOptions('trainNonKey', options);
  const { progress, threads, signal } = options;
  signal?.throwIfAborted();
  const model = await Model.open(options.model);
  const config = { ...options.config, backbone: model.card.backbone };
  const { size, layer, seed, clipLength, batch } = config;
  const passes = { ...size, batch, frames: config.unroll };
  const memory = estimateStepMemory(nonKeyDescription(config, model.classes), passes);
  refuseTooLarge(memory);
  const dataSet = await loadTrainingStills(options.data, config, model.card.classes);
  refuseOtherSize(options.data, dataSet.stills[0], size);
  await using folder = await RunFolder.open(options.out, config, options.resume);
  const { stills, heldOut: validation } = dataSet;
  progress.note(`clips made from ${stills.length} stills, ${validation.length} held out`);

  const { classes } = model;
  const learnt = { stills, sequences: dataSet.sequences, next: dataSet.next };
  const key = model.keyFrame(layer);
  await using teacher = await ContextTeacher.open(key, layer, size, threads);
  const from = options.from === undefined ? undefined : await furtherFrom(options.from, config, progress);
  const start = nonKeyStart(config, model, seededRandom(seed, layer, STREAM.nonKeyStart), from);
  // Training puts new tensors into `start` itself; those it began with stay as they are.
  const untrained = new Map(start);
  const resumed = options.resume ? await folder.resumedState(start) : undefined;
  if (resumed) progress.note(`resuming at step ${resumed.step}`);
  const state = resumed ?? freshState(await withCorrection(options, classes, { start, learnt, teacher }));
  await using clips = mixedClips(learnt, config, { seed, length: clipLength });
  const step = nonKeyStepGraph(config, classes);
  await using session = await GraphSession.open(step.graph, { threads });
  await using validationClips = new StillClipSource(validation, {
    seed: seed + SEED_OFFSET.validation,
    length: 12,
  });
  const slots = new ClipSlots((index) => clips.clip(index), teacher, state, {
    batch,
    pool: batch * POOL_FACTOR,
    clipLength,
    unroll: config.unroll,
    stride: CONTEXT[config.layer].stride,
    ...size,
  });
  const weights = labelWeights(
    config.classWeights,
    classes,
    stills.map(({ labels }) => labels),
  );
  const description = nonKeyDescription(config, classes);
  const shipped = (): Weights => interpolated(untrained, shippedWeights(state), config.interpolation);
  const scores = await advisingOnMemory(memory, () =>
    trainingLoop({
      config,
      state,
      folder,
      progress,
      signal,
      run: async (rate) => {
        const results = await runStep(
          session,
          step,
          state,
          { ...(await slots.next()), labelWeights: weights },
          rate,
        );
        slots.carry(results.context as Float32Array);
        return results;
      },
      validate: async () =>
        validation.length === 0
          ? {}
          : validateClips({
              networks: {
                card: model.card,
                keyFrame: () => key,
                nonKeyFrame: async () => ({ description, weights: shipped() }),
              },
              clips: await validationClips.first(VALIDATION_CLIPS),
              layer,
              threads,
              signal,
            }),
    }),
  );
  await folder.writeJson('result.json', scores);
  const { cfr, rga, tailRank } = config;
  // The card may have gained another layer's network while this one was in training.
  const card = await readModelCard(options.model);
  await writeModelNetwork(options.model, card, layer === 1 ? 'layer1' : 'layer2', shipped(), {
    correction: { cfr, rga: cfr && rga },
    ...(tailRank === 0 ? {} : { tailRank }),
    training: config,
    figures: prefixed('validation ', scores),
  });
  return scores;
}

/** Clips have the stills' size: step 2 takes them whole. */
function refuseOtherSize(data: string, still: Size, { width, height }: Size): void {
  if (still.width !== width || still.height !== height)
    throw new InputError(
      `${data}: its stills are ${still.width}×${still.height}, steps of ${width}×${height}; set size to that of the stills`,
    );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The non-key-frame network of a model that is trained further. */
async function furtherFrom(
  folder: string,
  { backbone, layer }: NonKeyConfig,
  progress: TrainingProgress,
): Promise<Weights> {
  const from = await Model.open(folder);
  if (from.card.backbone !== backbone)
    throw new InputError(`${folder}: its backbone is ${from.card.backbone}, not ${backbone}`);
  const { weights } = await from.nonKeyFrame(layer, false);
  progress.note(`starting from the non-key-frame network of ${from.card.name}`);
  return weights;
}

/** The weights that the joint training starts from: the correction stage trained on its own first, where it has one. */
async function withCorrection(
  { config, out, resume, threads, progress, signal }: TrainNonKeyOptions,
  classes: number,
  { start, learnt, teacher }: { start: Weights; learnt: TrainingStills; teacher: ContextTeacher },
): Promise<Weights> {
  const { cfr, correction, consistencyWeight, steps } = config;
  if (!cfr || correction.steps === 0 || consistencyWeight === 0 || steps === 0) return start;
  await using source = mixedClips(learnt, config, {
    seed: config.seed + SEED_OFFSET.correction,
    length: config.correction.unroll + 1,
  });
  const clips = (index: number) => source.clip(index);
  const folder = join(out, 'correction');
  const shared = { config, classes, threads, progress, signal, start, teacher, clips };
  const trained = await trainCorrection({ ...shared, out: folder, resume });
  copyShared(start, trained);
  return start;
}
