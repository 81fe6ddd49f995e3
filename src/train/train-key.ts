/** `twnet train key`: step 1 from a folder of labelled stills to a model folder. */
import {
  BatchSource,
  CAMVID,
  loadStills,
  openCamVid,
  type Still,
  seededRandom,
  splitHoldOut,
} from '../data/index.js';
import { InputError } from '../errors.js';
import { encoderOrigin, type ImportedEncoder, importEncoder } from '../network/import/index.js';
import { keyFrameNetwork } from '../network/key-frame.js';
import type { ModelCard } from '../network/model-card.js';
import { writeModelNetwork } from '../network/model-writer.js';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '../network/normalisation.js';
import type { Weights } from '../network/safetensors.js';
import { labelWeights } from './class-weights.js';
import type { KeyConfig } from './config.js';
import { copyEncoder, randomWeights } from './initial-weights.js';
import { KeyStepSessions } from './key-training.js';
import { type TrainingProgress, trainingLoop } from './loop.js';
import { RunFolder } from './run-folder.js';
import { freshState, runStep } from './state.js';
import { batchOrigins, withPseudoLabels } from './training-data.js';
import { validateKeyFrames } from './validation.js';
import { shippedWeights } from './weight-average.js';

export interface TrainKeyOptions {
  readonly config: KeyConfig;
  /** CamVid's folder. */
  readonly data: string;
  /** Run folder. */
  readonly out: string;
  /** ImageNet encoder, of any file that can be imported; without it the encoder starts at random. */
  readonly encoder?: string;
  readonly resume: boolean;
  readonly threads?: number;
  readonly progress: TrainingProgress;
}

/** Trains, writes `<out>/model`; gives the validation's scores. */
export async function trainKey(options: TrainKeyOptions): Promise<Readonly<Record<string, number>>> {
  const { config, progress, threads } = options;
  const classes = CAMVID.classes.length;
  const encoder = options.encoder
    ? await importEncoder(options.encoder, { backbone: config.backbone })
    : undefined;
  for (const note of encoder?.report.notes ?? []) progress.note(note);
  const folder = await RunFolder.open(options.out, config, options.resume);
  const { train, heldOut } = splitHoldOut(await openCamVid(options.data, 'train'), config.holdOut);
  progress.note(`${train.length} stills to learn from, ${heldOut.length} held out`);
  const [stills, validation] = [await loadStills(train), await loadStills(heldOut)];
  checkSizes([...stills, ...validation], config);

  const description = keyFrameNetwork(config.backbone, classes);
  const start = startWeights(config, encoder, classes);
  const state = (options.resume && (await folder.resumedState(start))) || freshState(start);
  if (state.step > 0) progress.note(`resuming at step ${state.step}`);
  const weights = labelWeights(
    config.classWeights,
    classes,
    stills.map(({ labels }) => labels),
  );
  const sessions = new KeyStepSessions(config, classes, threads);
  const { augmentation, batch, seed, size } = config;
  const learnt = await withPseudoLabels(stills, config, { classes, threads, progress });
  const batches = new BatchSource(batchOrigins(learnt, config), { ...size, batch, seed, augmentation });
  const scores = await trainingLoop({
    config,
    state,
    folder,
    progress,
    run: async (rate) => {
      const { step, session } = await sessions.at(state.step);
      const { images, labels } = await batches.batch(state.step);
      return runStep(session, step, state, { image: images, labels, labelWeights: weights }, rate);
    },
    validate: async () =>
      validation.length > 0
        ? validateKeyFrames(description, shippedWeights(state), classes, validation, threads)
        : {},
  });
  await Promise.all([sessions.close(), batches.close()]);
  await folder.writeJson('result.json', scores);
  await folder.close();
  await writeModelNetwork(`${options.out}/model`, newCard(config, encoder), 'key', shippedWeights(state), {
    training: config,
    figures: prefixed('validation ', scores),
  });
  return scores;
}

function startWeights(config: KeyConfig, encoder: ImportedEncoder | undefined, classes: number): Weights {
  const weights = randomWeights(keyFrameNetwork(config.backbone, classes), seededRandom(config.seed, 0, 3));
  if (encoder) copyEncoder(weights, encoder.weights, encoder.report.source);
  return weights;
}

/** Labels and pictures are cached whole, so one size serves all. */
function checkSizes(stills: readonly Still[], { size }: KeyConfig): void {
  const odd = stills.find(({ width, height }) => width !== stills[0].width || height !== stills[0].height);
  if (odd)
    throw new InputError(
      `${odd.name}: is ${odd.width}×${odd.height}, other stills are not; bring them to one size`,
    );
  if (stills.length === 0) throw new InputError(`no stills to train ${size.width}×${size.height} on`);
}

function newCard(config: KeyConfig, encoder: ImportedEncoder | undefined): ModelCard {
  return {
    format: 'twnet-model-1',
    name: `camvid-${config.backbone}`,
    backbone: config.backbone,
    classes: [...CAMVID.classes],
    palette: CAMVID.palette.map(([r, g, b]) => [r, g, b]),
    normalisation: { zeroPoint: PIXEL_ZERO_POINT, scale: PIXEL_SCALE },
    networks: { key: { weights: 'key.safetensors' } },
    provenance: {
      trainedOn: trainedOn(config),
      startedFrom: encoder ? encoderOrigin(encoder.metadata) : 'random weights',
      licence: "the weights: MIT, as far as the training data's terms allow",
    },
  };
}

function trainedOn({ data, selfTraining }: KeyConfig): string {
  return [
    'CamVid, SegNet layout, 480×360 (Brostow, Fauqueur, Cipolla 2009), train split; research use, cite the authors',
    ...(data.street > 0 ? ['generated street scenes'] : []),
    ...(selfTraining.videos.length > 0 ? ['unlabelled video, labelled by an earlier network'] : []),
  ].join('; ');
}

export function prefixed(prefix: string, scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [prefix + name, value]));
}
