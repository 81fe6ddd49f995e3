/** `twnet train nonkey --speed`: step 2 of a segmenter, for one of its operating points. */
import { InputError } from '@twnet/core/errors';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { architectureOf } from '@twnet/core/model/operating-points';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import { readModelCard } from '@twnet/node/model/model-files';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import type { PointConfig } from '../../config/point-config.js';
import { labelWeights } from '../../data/class-weights.js';
import { STREAM } from '../../data/random-streams.js';
import { prefixed } from '../../key/train-key.js';
import { type TrainingProgress, trainingLoop } from '../../run/loop.js';
import { advisingOnMemory, estimateStepMemory, refuseTooLarge } from '../../run/memory.js';
import { RunFolder } from '../../run/run-folder.js';
import { freshState, runStep } from '../../run/state.js';
import { checkPointOptions } from '../../run/trainer-options.js';
import { shippedWeights } from '../../run/weight-average.js';
import { PointData } from './point-data.js';
import { PointSamples } from './point-samples.js';
import { PointTeacher } from './point-teacher.js';
import { pointDescription, pointStart, pointStepGraph } from './point-training.js';
import { PointValidation } from './point-validation.js';

export interface TrainPointOptions {
  readonly config: PointConfig;
  /** Model folder of a segmenter; the trained network is added to it. */
  readonly model: string;
  /** Videos to learn on without labels. */
  readonly videos?: readonly string[];
  /** A data set's folder, of any layout, whose stills become clips. */
  readonly data?: string;
  /** Run folder. */
  readonly out: string;
  /** Model folder whose network of that speed is trained further. */
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

/**
 * Trains, adds the network to the model's folder; gives the validation's scores. What it opens is closed however it ends.
 *
 * @throws InputError, OutputError; TwnetError for a training that diverges; the signal's reason
 */
export async function trainPoint(options: TrainPointOptions): Promise<Readonly<Record<string, number>>> {
  checkPointOptions(options);
  const { config, data, videos = [], progress, threads, signal } = options;
  signal?.throwIfAborted();
  const { size, batch, seed, design } = config;
  const model = await Model.open(options.model);
  if (architectureOf(model.card) !== 'segmenter')
    throw new InputError(`${options.model}: is no segmenter; train its non-key frames with --layer`);
  const classes = model.classes;
  const description = pointDescription(config, classes);
  const memory = estimateStepMemory(description, { ...size, batch });
  refuseTooLarge(memory);
  await using folder = await RunFolder.open(options.out, config, options.resume);
  const from = options.from === undefined ? undefined : await furtherFrom(options.from, config, progress);
  await using learnt = await PointData.open({ config, data, videos, classes: model.card.classes, signal });
  progress.note(learnt.description);
  const key: LoadedNetwork = {
    description: efficientVitSegmenter(classes),
    weights: model.keyFrame().weights,
  };
  const start = pointStart(config, classes, key.weights, seededRandom(seed, 0, STREAM.pointStart), from);
  const state = (options.resume && (await folder.resumedState(start))) || freshState(start);
  if (state.step > 0) progress.note(`resuming at step ${state.step}`);
  const heldOut = await learnt.heldOut();
  const validation =
    heldOut.length > 0
      ? await PointValidation.of(key, heldOut, config, classes, { threads, signal })
      : undefined;
  await using teacher = await PointTeacher.open(key, design.propagated, size, threads);
  const step = pointStepGraph(config, classes, learnt.labelled);
  await using session = await GraphSession.open(step.graph, { threads, memoryPattern: false });
  await using clips = learnt.clips();
  const samples = new PointSamples((index) => clips.clip(index), teacher, state, config, classes);
  const stills = learnt.dataSet?.stills ?? [];
  const weights = labelWeights(
    stills.length > 0 ? 'log' : 'none',
    classes,
    stills.map(({ labels }) => labels),
  );
  const scores = await advisingOnMemory(memory, () =>
    trainingLoop({
      config,
      state,
      folder,
      progress,
      signal,
      run: async (rate) => {
        const feeds = { ...(await samples.next()), labelWeights: weights };
        const results = await runStep(session, step, state, feeds, rate);
        if (!design.accumulated) samples.carry(results.context as Float32Array);
        return results;
      },
      validate: async () => (await validation?.scores(shippedWeights(state))) ?? {},
    }),
  );
  await folder.writeJson('result.json', scores);
  const { cfr, rga, ...point } = design;
  // The card may have gained another network while this one was in training.
  const card = await readModelCard(options.model);
  await writeModelNetwork(options.model, card, config.speed, shippedWeights(state), {
    correction: { cfr, rga: cfr && rga },
    point,
    training: config,
    figures: prefixed('validation ', scores),
  });
  return scores;
}

/** The network of another model's point that is trained further. */
async function furtherFrom(
  folder: string,
  { speed }: PointConfig,
  progress: TrainingProgress,
): Promise<Weights> {
  const from = await Model.open(folder);
  const { weights } = await from.nonKeyFrame(speed, false);
  progress.note(`starting from ${speed} of ${from.card.name}`);
  return weights;
}
