/**
 * `npm run tables`: trains the networks that the paper's tables want beside those that ship, one after the other; goes on
 * where it was stopped. `npm run measure -- --only report --again --tables <out>` then fills the tables with them.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { twnet } from '../ablation/twnet.js';
import { ROOT } from '../documents/files.js';
import {
  BACKBONE_MODELS,
  type KeyTraining,
  type LayerTraining,
  layerTrainings,
  SHIPPED,
  VARIANT_TRAININGS,
} from './plan.js';

interface Flags {
  readonly data: string;
  readonly weights: string;
  readonly output: string;
  readonly only?: readonly string[];
  readonly steps?: string;
  readonly threads?: string;
}

/** The model that the paper's tables are about. */
const PAPER_MODEL = join(ROOT, 'packages/models/camvid-mobilenet-v1');

const PARTS = ['variants', ...BACKBONE_MODELS.map(({ backbone }) => backbone)];

async function tables(flags: Flags): Promise<void> {
  const { only = PARTS } = flags;
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown) throw new Error(`--only: there is no ${unknown}; there are ${PARTS.join(', ')}`);
  if (only.includes('variants')) for (const training of VARIANT_TRAININGS) await trainLayer(training, flags);
  for (const training of BACKBONE_MODELS)
    if (only.includes(training.backbone)) {
      await trainKey(training, flags);
      for (const layer of layerTrainings(training.model)) await trainLayer(layer, flags);
    }
}

const modelFolder = (model: string, { output }: Flags): string =>
  model === SHIPPED ? PAPER_MODEL : join(output, model);

/** Runs a training unless it is done. */
async function train(
  run: string,
  recipe: string,
  config: Readonly<Record<string, unknown>> = {},
  args: readonly string[],
  { data, output, steps, threads }: Flags,
): Promise<void> {
  const folder = join(output, 'runs', run);
  if (existsSync(join(folder, 'result.json'))) return;
  process.stderr.write(`${run}\n`);
  const whole = {
    ...JSON.parse(await readFile(join(ROOT, 'docs/recipe', `${recipe}.json`), 'utf8')),
    ...config,
  };
  if (steps !== undefined && whole.steps > 0) whole.steps = Number(steps);
  await mkdir(join(output, 'runs'), { recursive: true });
  const file = join(output, 'runs', `${run}.json`);
  await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
  const resume = existsSync(join(folder, 'config.json')) ? ['--resume'] : [];
  const limits = threads === undefined ? [] : ['--threads', threads];
  await twnet(['train', ...args, '--data', data, '--config', file, '-o', folder, ...limits, ...resume]);
}

async function trainKey({ model, backbone, encoder, config }: KeyTraining, flags: Flags): Promise<void> {
  const start = encoder === undefined ? [] : ['--encoder', join(flags.weights, encoder)];
  const run = `${model}-key`;
  await train(run, 'tables-key', config, ['key', '--backbone', backbone, ...start], flags);
  const folder = modelFolder(model, flags);
  if (!existsSync(folder)) await cp(join(flags.output, 'runs', run, 'model'), folder, { recursive: true });
}

async function trainLayer(
  { model, layer, recipe, from, config }: LayerTraining,
  flags: Flags,
): Promise<void> {
  const folder = modelFolder(model, flags);
  if (!existsSync(folder)) await copyKeyFrameNetwork(folder);
  const start = from === undefined ? [] : ['--from', modelFolder(from, flags)];
  const run = `${model}-layer${layer}${recipe.replace('tables', '')}`;
  const args = ['nonkey', '--model', folder, '--layer', String(layer), ...start];
  await train(run, recipe, config, args, flags);
}

/** A model of the shipped key-frame network alone. */
async function copyKeyFrameNetwork(folder: string): Promise<void> {
  const card = JSON.parse(await readFile(join(PAPER_MODEL, 'model.json'), 'utf8'));
  await mkdir(folder, { recursive: true });
  await cp(join(PAPER_MODEL, card.networks.key.weights), join(folder, card.networks.key.weights));
  card.networks = { key: card.networks.key };
  await writeFile(join(folder, 'model.json'), `${JSON.stringify(card, null, 2)}\n`);
}

const program = new Command('npm run tables --')
  .description("Trains what the paper's tables want beside the models that ship (docs/recipe/tables-*.json).")
  .requiredOption('--data <dir>', "CamVid in SegNet's layout")
  .requiredOption(
    '--weights <dir>',
    'folder with the encoders that training starts from, by their names in plan.ts',
  )
  .option('-o, --output <dir>', 'models and runs', 'runs/tables')
  .option('--only <parts...>', `some of: ${PARTS.join(', ')}`)
  .option('--steps <n>', 'of every training, over the recipe: to try the commands')
  .option('--threads <n>', 'threads of ONNX Runtime')
  .action(tables);
await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
