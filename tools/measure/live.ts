/**
 * `twnet live`, of cameras that send a real drive: lag, agreement with labelling each frame, first labels, faults, memory:
 * `tsx tools/measure/live.ts --clips DIR -o FILE.json`. `--only hd,large,four,first,faults,killed,hour,long` measures some
 * of it again and keeps the rest of the file; `long` is the ten minutes.
 */
import '@twnet/node/kernels/provide';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { Model } from '@twnet/node/model/model';
import { cameraClip } from './live/clip.js';
import { faults } from './live/faults.js';
import { firstLabels } from './live/first-label.js';
import { anHour } from './live/hour.js';
import { killed } from './live/killed.js';
import { steady } from './live/steady.js';

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o' },
    clips: { type: 'string' },
    only: { type: 'string' },
  },
});
const { output, clips } = values as Record<string, string>;
const wanted = (part: string): boolean => values.only?.split(',').includes(part) ?? true;
const HD = { width: 1280, height: 720 };
/** The network takes long for these: fewer frames to be compared with. */
const LARGE = { width: 2048, height: 1024, frames: 100 };
const SMALL = { width: 640, height: 360 };
const TINY = { width: 192, height: 108 };

const model = await Model.open();
const found: Record<string, unknown> = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};

/** The same load, with labels carried and with frames left out. */
async function both(size: typeof LARGE | typeof HD, seconds: number, cameras = 1) {
  const clip = await cameraClip(clips, size);
  const warp = await steady(model, clip, { seconds, cameras });
  const skip = await steady(model, clip, { seconds, cameras, late: 'skip' });
  const wrong = ({ agreement }: typeof warp): number => 1 - agreement;
  return { ...size, cameras, warp, skip, nearer: Number((wrong(skip) / wrong(warp)).toFixed(2)) };
}

const parts: Record<string, () => Promise<unknown>> = {
  hd: () => both(HD, 90),
  large: () => both(LARGE, 60),
  four: () => both(SMALL, 60, 4),
  first: async () => {
    const clip = await cameraClip(clips, HD);
    const entries: Record<string, unknown> = {};
    for (const [name, format] of Object.entries({ mpegts: 'mpegts', rtmp: 'flv' })) {
      const all = await firstLabels(model, clip, format, 10);
      entries[name] = { median: all.toSorted((a, b) => a - b)[5], largest: Math.max(...all), all };
    }
    return entries;
  },
  faults: async () =>
    faults(model, await cameraClip(clips, TINY), await cameraClip(clips, { width: 160, height: 160 })),
  killed: async () => killed(await cameraClip(clips, SMALL), 5),
  hour: async () => anHour(model, await cameraClip(clips, TINY), 25),
  long: async () => ({ ...HD, ...(await steady(model, await cameraClip(clips, HD), { seconds: 600 })) }),
};
for (const [name, measure] of Object.entries(parts)) {
  if (!wanted(name)) continue;
  found[name] = await measure();
  found.stamp = {
    ...(await measurementStamp([model.card.name], [])),
    command: 'npm run measure -- --only live',
  };
  // Kept whatever becomes of the others.
  await writeFileAtomic(output, `${JSON.stringify(found, null, 1)}\n`);
  console.log(name, JSON.stringify(found[name]));
}
process.exit();
