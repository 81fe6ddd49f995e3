/**
 * Trains variants of step 1 one after the other, on random crops of a smaller size, and gives each one's mIoU on the
 * stills that are held out, at their full size; goes on where it was stopped. Writes `<out>/table.md`.
 *
 *   npx tsx tools/ablation/key.ts --data CAMVID --encoder ENCODER --out runs/ablation-key
 *     [--steps 800] [--seeds 1,2] [--only paper,default]
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { twnet } from './twnet.js';
import { KEY_VARIANTS, type Variant } from './variants.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    encoder: { type: 'string' },
    out: { type: 'string', default: 'runs/ablation-key' },
    steps: { type: 'string', default: '800' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const { data, encoder, out, steps } = values;
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
const variants = KEY_VARIANTS.filter(({ name }) => !wanted || wanted.includes(name));
const rows: string[] = [];
for (const [index, variant] of variants.entries()) {
  const scores: string[] = [];
  for (const seed of values.seeds.split(',')) {
    process.stdout.write(`${index + 1} of ${variants.length}: ${variant.what}, seed ${seed}\n`);
    scores.push((100 * (await train(variant, seed))).toFixed(1));
  }
  rows.push(`| ${variant.what} | ${scores.join(', ')} |`);
}
const lines = [`| ${steps} steps | mIoU, held out |`, '| --- | --- |', ...rows];
await writeFile(join(out, 'table.md'), `${lines.join('\n')}\n`);
process.stdout.write(`${lines.join('\n')}\n`);
