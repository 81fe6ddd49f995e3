/**
 * Trains the ablation's variants of step 2 one after the other and scores each on a labelled clip; goes on where it
 * was stopped. Writes `<out>/table.md` and `<out>/table.json`.
 *
 *   npx tsx tools/ablation/non-key.ts --data CAMVID --clip CLIP --model runs/key/model --out runs/ablation [--layer 1]
 *     [--config FILE] [--steps 500] [--correction-steps 600] [--only fine-tuned,full]
 *
 * `--config`: keys that all variants share.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { twnet } from './twnet.js';
import { NON_KEY_VARIANTS, type Variant } from './variants.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    clip: { type: 'string' },
    model: { type: 'string' },
    out: { type: 'string', default: 'runs/ablation' },
    layer: { type: 'string', default: '1' },
    steps: { type: 'string', default: '500' },
    'correction-steps': { type: 'string', default: '600' },
    config: { type: 'string' },
    only: { type: 'string' },
  },
});
const { data, clip, model, out, layer } = values;
if (!data || !clip || !model) throw new Error('give --data, --clip and --model');

const shared = values.config ? JSON.parse(await readFile(values.config, 'utf8')) : {};

/** A column of `twnet benchmark clip --json`. */
interface Column {
  readonly meanIou: number;
  readonly kept: number;
  readonly curve: readonly { readonly distance: number; readonly meanIou: number }[];
}

async function train({ name, config }: Variant): Promise<void> {
  const folder = join(out, name);
  const run = join(folder, 'run');
  if (existsSync(join(run, 'result.json'))) return;
  await mkdir(folder, { recursive: true });
  const copied = join(folder, name);
  if (!existsSync(copied)) {
    await cp(model!, copied, { recursive: true });
    const card = JSON.parse(await readFile(join(copied, 'model.json'), 'utf8'));
    card.networks = { key: card.networks.key };
    await writeFile(join(copied, 'model.json'), `${JSON.stringify(card, null, 2)}\n`);
  }
  const correction = {
    steps: Number(values['correction-steps']),
    ...(config.correction as object | undefined),
  };
  const whole = { steps: Number(values.steps), ...shared, ...config, correction };
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(whole, null, 2)}\n`);
  const resume = existsSync(join(run, 'config.json')) ? ['--resume'] : [];
  const place = ['--data', data!, '--model', copied, '--layer', layer, '-o', run];
  await twnet(['train', 'nonkey', ...place, '--config', join(folder, 'config.json'), ...resume]);
}

async function score(variants: readonly Variant[]): Promise<Column[]> {
  const models = variants.map(({ name }) => join(out, name, name));
  const place = ['--images', join(clip!, 'images'), '--labels', join(clip!, 'labels')];
  const json = await twnet(['benchmark', 'clip', ...place, '--layer', layer, '--json', '--model', ...models]);
  return JSON.parse(json).columns;
}

const wanted = values.only?.split(',');
const variants = NON_KEY_VARIANTS.filter(({ name }) => !wanted || wanted.includes(name));
for (const [index, variant] of variants.entries()) {
  process.stdout.write(`${index + 1} of ${variants.length}: ${variant.what}\n`);
  await train(variant);
}
const columns = await score(variants);
const percent = (share: number): string => (100 * share).toFixed(1);
const last = columns[0].curve.length - 1;
const row = (what: string, { meanIou, kept, curve }: Column): string =>
  `| ${what} | ${percent(meanIou)} | ${kept.toFixed(4)} | ${percent(curve[last].meanIou)} |`;
const lines = [
  `| Layer ${layer} of ${basename(model)} | mIoU, all frames | ÷ per frame | mIoU at distance ${last} |`,
  '| --- | --- | --- | --- |',
  row('per frame', columns[0]),
  row('warping alone', columns[1]),
  ...variants.map(({ what }, i) => row(what, columns[i + 2])),
];
await writeFile(join(out, 'table.md'), `${lines.join('\n')}\n`);
await writeFile(join(out, 'table.json'), `${JSON.stringify(columns, null, 2)}\n`);
process.stdout.write(`${lines.join('\n')}\n`);
