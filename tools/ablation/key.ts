/**
 * Trains variants of step 1 one after the other, on random crops of a smaller size, and gives each one's mIoU on the
 * stills that are held out, at their full size; goes on where it was stopped. Writes `<out>/table.md`.
 *
 *   npx tsx tools/ablation/key.ts --data CAMVID --encoder ENCODER --out runs/ablation-key [--video FILE ...]
 *     [--steps 800] [--seeds 1,2] [--only paper,default]
 *
 * With `--video` also: self-training on it, the teacher being the variant `default`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { twnet } from './twnet.js';
import { KEY_VARIANTS, type Variant } from './variants.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    encoder: { type: 'string' },
    out: { type: 'string', default: 'runs/ablation-key' },
    video: { type: 'string', multiple: true },
    steps: { type: 'string', default: '800' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const { data, encoder, out, video, steps } = values;
if (!data || !encoder) throw new Error('give --data and --encoder');

/** What all variants share; a quarter of each sequence's end is held out. */
const SHARED = { size: { height: 240, width: 320 }, batch: 4, holdOut: 0.25, validateEvery: 0 };

const place = (name: string, seed: string): string => join(out, name, `seed-${seed}`);

async function train({ name, config }: Variant, seed: string): Promise<number> {
  const run = place(name, seed);
  const result = join(run, 'result.json');
  if (!existsSync(result)) {
    await mkdir(join(out, name), { recursive: true });
    const file = join(out, name, `config-${seed}.json`);
    const whole = { ...SHARED, steps: Number(steps), seed: Number(seed), ...config };
    await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
    const resume = existsSync(join(run, 'config.json')) ? ['--resume'] : [];
    await twnet([
      'train',
      'key',
      '--data',
      data!,
      '--encoder',
      encoder!,
      '--config',
      file,
      '-o',
      run,
      ...resume,
    ]);
  }
  return JSON.parse(await readFile(result, 'utf8')).mIoU;
}

const wanted = values.only?.split(',');
const selfTraining = (seed: string): Variant[] =>
  video
    ? [
        {
          name: 'self-training',
          what: 'a quarter of each batch unlabelled video, labelled by `default`',
          config: {
            selfTraining: {
              videos: video.map((file) => resolve(file)),
              teacher: resolve(place('default', seed), 'model'),
            },
          },
        },
      ]
    : [];
const seeds = values.seeds.split(',');
const rows: string[] = [];
const count = KEY_VARIANTS.length + (video ? 1 : 0);
for (let index = 0; index < count; index++) {
  const scores: number[] = [];
  let what = '';
  for (const seed of seeds) {
    const variant = [...KEY_VARIANTS, ...selfTraining(seed)][index];
    if (wanted && !wanted.includes(variant.name)) continue;
    what = variant.what;
    process.stdout.write(`${index + 1} of ${count}: ${what}, seed ${seed}\n`);
    scores.push(100 * (await train(variant, seed)));
  }
  if (scores.length > 0) rows.push(`| ${what} | ${scores.map((score) => score.toFixed(1)).join(', ')} |`);
}
const lines = [`| ${steps} steps | mIoU, held out |`, '| --- | --- |', ...rows];
await writeFile(join(out, 'table.md'), `${lines.join('\n')}\n`);
process.stdout.write(`${lines.join('\n')}\n`);
