/** `twnet train nonkey`: step 2 from a model with a key-frame network to one with a non-key-frame network. */
import { loadStills, MadeClipSource, openCamVid, seededRandom, splitHoldOut } from '../data/index.js';
import { GraphSession } from '../graph/session.js';
import { Model } from '../network/model.js';
import { readModelCard } from '../network/model-card.js';
import { writeModelNetwork } from '../network/model-writer.js';
import { labelWeights } from './class-weights.js';
import { ClipSlots } from './clip-slots.js';
import type { NonKeyConfig } from './config.js';
import { ContextTeacher } from './context-teacher.js';
import { type TrainingProgress, trainingLoop } from './loop.js';
import { contextOf, nonKeyDescription, nonKeyStart, nonKeyStepGraph } from './non-key-training.js';
import { RunFolder } from './run-folder.js';
import { freshState, runStep } from './state.js';
import { prefixed } from './train-key.js';
import { validateClips } from './validation.js';

export interface TrainNonKeyOptions {
  readonly config: NonKeyConfig;
  readonly data: string;
  readonly out: string;
  /** Model folder with the key-frame network; the trained network is added to it. */
  readonly model: string;
  readonly resume: boolean;
  readonly threads?: number;
  readonly progress: TrainingProgress;
}

/** Clips in flight for every one in a batch. */
const POOL_FACTOR = 6;
/** Made clips that validation runs over. */
const VALIDATION_CLIPS = 8;
/** Clips of validation are drawn apart from those of training. */
const VALIDATION_SEED_OFFSET = 1_000_003;

export async function trainNonKey(options: TrainNonKeyOptions): Promise<Readonly<Record<string, number>>> {
  const { config, progress, threads } = options;
  const { size, layer, seed, clipLength, batch } = config;
  const model = await Model.open(options.model);
  const folder = await RunFolder.open(options.out, config, options.resume);
  const { train, heldOut } = splitHoldOut(await openCamVid(options.data, 'train'), config.holdOut);
  const [stills, validation] = [await loadStills(train), await loadStills(heldOut)];
  progress.note(`clips made from ${train.length} stills, ${heldOut.length} held out`);

  const key = model.keyFrame(layer);
  const teacher = await ContextTeacher.open(key, layer, size, threads);
  const start = nonKeyStart(config, model, seededRandom(seed, layer, 4));
  const state = (options.resume && (await folder.resumedState())) || freshState(start);
  if (state.step > 0) progress.note(`resuming at step ${state.step}`);
  const step = nonKeyStepGraph(config, model.classes);
  const session = await GraphSession.open(step.graph, { threads });
  const clips = new MadeClipSource(stills, { seed, length: clipLength });
  const validationClips = new MadeClipSource(validation, { seed: seed + VALIDATION_SEED_OFFSET, length: 12 });
  const slots = new ClipSlots((index) => clips.clip(index), teacher, state, {
    batch,
    pool: batch * POOL_FACTOR,
    clipLength,
    stride: contextOf(config).stride,
    ...size,
  });
  const weights = labelWeights(
    config.classWeights,
    model.classes,
    stills.map(({ labels }) => labels),
  );
  const description = nonKeyDescription(config, model.classes);
  const scores = await trainingLoop({
    config,
    state,
    folder,
    progress,
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
            key,
            nonKey: { description, weights: state.parameters },
            clips: await validationClips.first(VALIDATION_CLIPS),
            classes: model.classes,
            layer,
            threads,
          }),
  });
  await Promise.all([session.close(), teacher.close(), clips.close(), validationClips.close()]);
  await folder.writeJson('result.json', scores);
  await folder.close();
  const { cfr, rga } = config;
  // The card may have gained another layer's network while this one was in training.
  const card = await readModelCard(options.model);
  await writeModelNetwork(options.model, card, layer === 1 ? 'layer1' : 'layer2', state.parameters, {
    correction: { cfr, rga: cfr && rga },
    training: config,
    figures: prefixed('validation ', scores),
  });
  return scores;
}
