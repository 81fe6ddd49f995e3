/**
 * `npm run picture`: makes docs/images/demo.jpg, README's picture, from the weights and colours of today: the still of
 * `twnet demo`, whose street is rendered. Writes the stamp to docs/measurements/picture.json.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import sharp from 'sharp';
import { MEASUREMENTS, ROOT } from '../documents/files.js';

const FILE = 'docs/images/demo.jpg';
const WIDTH = 1280;
const OUTPUT = 'measured/demo';
const COMMAND = ['demo', '--frames', '36', '-o', OUTPUT];

await mkdir(join(ROOT, 'measured'), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'packages/bench/src/main.ts', ...COMMAND],
  {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
if (status !== 0) throw new Error('twnet demo failed');
const picture = await sharp(join(ROOT, OUTPUT, 'still.png'))
  .resize({ width: WIDTH, withoutEnlargement: true })
  .jpeg({ quality: 88 })
  .toBuffer();
await writeFileAtomic(join(ROOT, FILE), picture);
const measurement = {
  stamp: await measurementStamp([], COMMAND),
  file: FILE,
  sha256: createHash('sha256').update(picture).digest('hex'),
};
await writeFileAtomic(join(MEASUREMENTS, 'picture.json'), `${JSON.stringify(measurement, null, 1)}\n`);
process.stderr.write(`${FILE}\n`);
