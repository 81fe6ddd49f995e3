/** `twnet train key`: step 1 from a folder of labelled stills to a model folder. */

import { cardNormalisation } from '@twnet/core/model/card-normalisation';
import type { ModelCard } from '@twnet/core/model/model-card';
import { perFrameNetwork } from '@twnet/core/network/architectures';
import type { Weights } from '@twnet/core/network/safetensors';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import type { KeyConfig } from '../config/config.js';
import { BatchSource } from '../data/batch-source.js';
import { type LabelShare, mixedLabelWeights } from '../data/class-weights.js';
import { type TrainingProgress, trainingLoop } from '../run/loop.js';
import { advisingOnMemory, estimateStepMemory, refuseTooLarge } from '../run/memory.js';
import { RunFolder } from '../run/run-folder.js';
import { freshState, runStep } from '../run/state.js';
import { checkTrainingOptions } from '../run/trainer-options.js';
import { interpolated, shippedWeights } from '../run/weight-average.js';
import { type KeyData, readKeyData } from './key-data.js';
import { keyStart } from './key-start.js';
import { KeyStepSessions, keyDescription, labelSize } from './key-training.js';
import { validateKey } from './validate-key.js';

export interface TrainKeyOptions {
  readonly config: KeyConfig;
  /** A data set's folder, of any layout. */
  readonly data?: string;
  /** Videos without labels to learn on: a teacher labels every so many frames (`data.every`). */
  readonly videos?: readonly string[];
  /** Folders of pictures without labels, likewise. */
  readonly stills?: readonly string[];
  /**
   * What labels them: a model's folder, or the weights of EfficientViT-Seg-B0; default: what training starts from. Its
   * classes are the model's, and its labels those of the data set's pictures, too, unless the classes agree
   * (`teacher.classes`).
   */
  readonly teacher?: string;
  /** Run folder. */
  readonly out: string;
  /** ImageNet encoder, of any file that can be imported; without it the encoder starts at random. */
  readonly encoder?: string;
  /** Model folder whose key-frame network to start from instead. */
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
 * Trains, writes `<out>/model`; gives the validation's scores. What it opens is closed however it ends.
 *
 * @throws InputError, OutputError; TwnetError for a training that diverges; the signal's reason
 */
export async function trainKey(options: TrainKeyOptions): Promise<Readonly<Record<string, number>>> {
  checkTrainingOptions('trainKey', options);
  const { config, progress, threads, signal } = options;
  signal?.throwIfAborted();
  const origin = await keyStart(options);
  for (const note of origin.notes) progress.note(note);
  const read = await readKeyData(options);
  const classes = read.classes.classes.length;
  const memory = estimateStepMemory(keyDescription(config, classes), { ...config.size, batch: config.batch });
  refuseTooLarge(memory);
  await using folder = await RunFolder.open(options.out, config, options.resume);
  const dataSet = await read.label();
  const description = perFrameNetwork(config.architecture, config.backbone, classes);
  const start = origin.weights(dataSet.classes.classes);
  // Training puts new tensors into `start` itself; those it began with stay as they are.
  const untrained = new Map(start);
  const state = (options.resume && (await folder.resumedState(start))) || freshState(start);
  const shipped = (): Weights => interpolated(untrained, shippedWeights(state), config.interpolation);
  if (state.step > 0) progress.note(`resuming at step ${state.step}`);
  const weights = mixedLabelWeights(config.classWeights, classes, labelShares(dataSet.origins));
  await using sessions = new KeyStepSessions(config, classes, threads);
  const { augmentation, batch, seed, size } = config;
  await using batches = new BatchSource(dataSet.origins, { ...size, batch, seed, augmentation });
  const scores = await advisingOnMemory(memory, () =>
    trainingLoop({
      config,
      state,
      folder,
      progress,
      signal,
      run: async (rate) => {
        const { step, session } = await sessions.at(state.step);
        const { images, labels } = await batches.batch(state.step);
        const feeds = { image: images, labels: looked(labels, config), labelWeights: weights };
        return runStep(session, step, state, feeds, rate);
      },
      validate: () => validateKey(description, shipped(), dataSet, { config, threads, signal }),
    }),
  );
  await folder.writeJson('result.json', scores);
  await writeModelNetwork(`${options.out}/model`, newCard(config, dataSet, origin.origin), 'key', shipped(), {
    training: config,
    figures: prefixed('validation ', scores),
  });
  return scores;
}

/** The labels that the loss looks at, of N × H × W. */
function looked(labels: Uint8Array, { labelStride, size, batch }: KeyConfig): Uint8Array {
  if (labelStride === 1) return labels;
  const [rows, columns] = labelSize({ labelStride, size });
  const kept = new Uint8Array(batch * rows * columns);
  for (let n = 0, i = 0; n < batch; n++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++, i++)
        kept[i] = labels[(n * size.height + y * labelStride) * size.width + x * labelStride];
  return kept;
}

/** Those that have labels before they are drawn. */
function labelShares(origins: KeyData['origins']): LabelShare[] {
  return origins.flatMap((origin) =>
    'stills' in origin ? [{ share: origin.share, labels: origin.stills.map(({ labels }) => labels) }] : [],
  );
}

function newCard(
  config: KeyConfig,
  { classes: { name, classes, palette }, description }: KeyData,
  startedFrom: string,
): ModelCard {
  const { architecture } = config;
  const backbone = architecture === 'segmenter' ? 'efficientvit-b0' : config.backbone;
  return {
    format: 'twnet-model-1',
    name: `${name}-${architecture === 'segmenter' ? 'efficientvit-seg-b0' : backbone}`,
    ...(architecture === 'segmenter' ? { architecture } : {}),
    backbone,
    classes: [...classes],
    palette: palette.map(([r, g, b]) => [r, g, b]),
    normalisation: cardNormalisation(backbone),
    networks: { key: { weights: 'key.safetensors' } },
    provenance: {
      trainedOn: [description, ...(config.data.street > 0 ? ['generated street scenes'] : [])].join('; '),
      startedFrom,
      licence: "the weights: MIT, as far as the training data's terms allow",
    },
  };
}

export function prefixed(prefix: string, scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [prefix + name, value]));
}
