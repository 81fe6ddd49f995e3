/**
 * Trains a model on a folder of your own and labels a video with it:
 * `train.ts yard/ run/ [clip.mp4] [settings.json]`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segment } from 'twnet';
import { checkDataSet, openDataSet } from 'twnet/data';
import { resolveConfig, type TrainingProgress, trainKey, trainNonKey } from 'twnet/train';

const [data, out, clip, settings] = process.argv.slice(2);
if (!data || !out) {
  console.error('usage: train.ts DATA OUT [CLIP] [SETTINGS.json]');
  process.exit(2);
}

const { faults } = await checkDataSet(await openDataSet(data));
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(2);

/** Keys that differ from the defaults; `twnet train config key` lists them. */
const own = settings ? JSON.parse(readFileSync(settings, 'utf8')) : {};
const progress: TrainingProgress = {
  begin: () => {},
  step: (done, total, loss) => console.log(`step ${done} of ${total}, loss ${loss.toFixed(3)}`),
  note: (line) => console.log(line),
};

// Step 1: the key-frame network, from the one that ships; its classifier starts anew for other classes.
const model = join(out, 'key', 'model');
await trainKey({
  ...{ data, out: join(out, 'key'), config: resolveConfig('key', own.key ?? {}, settings ?? 'defaults') },
  ...{ from: 'camvid-mobilenet-v1', resume: false, progress },
});
// Step 2: the non-key-frame network, which is added to the model.
await trainNonKey({
  ...{
    data,
    out: join(out, 'nonkey'),
    config: resolveConfig('nonkey', own.nonkey ?? {}, settings ?? 'defaults'),
  },
  ...{ model, resume: false, progress },
});
console.log(`trained ${model}`);

if (clip) {
  const drive = await segment(clip, { model });
  for await (const { frame, kind, labels } of drive)
    console.log(frame.index, kind, `${drive.classes[labels[0]]} at the upper left`);
}
