/**
 * What adapting a heavy network to footage comes to: `tsx tools/measure/adapted.ts WxH MINUTES VIDEO… -o FILE.json`. The
 * network is the key-frame network of `cityscapes` at so many pixels that it costs five times as much as at the videos' own,
 * exported and imported like anybody's. With 0 minutes, what an earlier run has taught is judged again. `fixed` in place of
 * a video is a rendered street that a fixed camera sees.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';

const MODEL = 'cityscapes';
/** Seconds at 25 Hz, one group of pictures in ten of them. */
const FIXED = ['--fixed', '--size', '640x360', '--fps', '25', '--seconds', '40', '--gop', '250'];

const args = process.argv.slice(2);
const output = args[args.length - 1];
const [size, minutes, ...sources] = args.slice(0, -2);
/** Kept between runs: a run that was stopped, or had too little time, is gone on with. */
const work = join(dirname(output), basename(output, '.json'));

function twnet(...args: readonly string[]): string {
  const command = ['--import', 'tsx', 'packages/bench/src/main.ts', ...args];
  const { status, stdout } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`twnet ${args.join(' ')} failed`);
  return stdout;
}

const model = join(work, 'model');
if (!existsSync(model)) {
  const exported = join(work, 'export');
  twnet('export', '--model', MODEL, '--size', size, '--scores-only', '-o', exported, '--force');
  const imported = ['--classes', MODEL, '--range', '0..255', '-o', model];
  twnet('model', 'import', join(exported, 'key.onnx'), ...imported);
}
const videos = sources.map((source) => (source === 'fixed' ? join(work, 'fixed.mp4') : source));
if (sources.includes('fixed') && !existsSync(videos[sources.indexOf('fixed')]))
  twnet('data', 'street', ...FIXED, '-o', join(work, 'fixed.mp4'));
const run = ['adapt', ...videos, '--model', model, '--minutes', minutes];
const { ways, ...result } = JSON.parse(twnet(...run, '--json', '-o', join(work, 'run')));
const log = readFileSync(join(work, 'run', 'log.jsonl'), 'utf8')
  .trim()
  .split('\n');
/** Where nothing is learnt, an earlier run's stand. */
const before = Number(minutes) === 0 ? JSON.parse(readFileSync(output, 'utf8')) : {};
/** Of all runs that went before. */
const trained = log.reduce((sum, line) => sum + (JSON.parse(line).milliseconds ?? 0), 0) / 60_000;
const recommended = ways.findIndex(({ name }: { name: string }) => name === result.recommended.name);
const own = ways[0].framesPerSecond;
const figures = ways.map((way: { framesPerSecond: number }) => ({
  ...way,
  times: way.framesPerSecond / own,
}));
const stamp = {
  ...(await measurementStamp([MODEL], run)),
  command: `npm run measure -- --only ${basename(work)}`,
};
const { steps, samples } = { ...result, ...(Number(minutes) === 0 ? before : {}) };
await writeFileAtomic(
  output,
  `${JSON.stringify({ stamp, size, steps, samples, minutesTrained: trained, recommended, ways: figures }, null, 2)}\n`,
);
