/** `twnet benchmark speed|memory`. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { discardTemporary, temporaryFolderFor } from '../../files/index.js';
import { evenSize, positiveInteger, warpLayer } from '../option-values.js';
import { showProgress } from '../progress.js';

interface CostFlags {
  readonly model?: string;
  readonly layer: 1 | 2 | 3;
  readonly size: { width: number; height: number };
  readonly threads?: number;
  readonly json?: boolean;
}

export function registerCostBenchmarks(benchmark: Command): void {
  const shared = (command: Command, size: { width: number; height: number }): Command =>
    command
      .option('--model <dir>', 'model folder (default: the one that ships)')
      .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
      .option('--size <WxH>', `frame size (default: ${size.width}x${size.height})`, evenSize)
      .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
      .option('--json', 'print JSON');
  shared(benchmark.command('speed'), { width: 480, height: 360 })
    .description('time of a non-key frame against the per-frame network, end to end, on a made video')
    .option('--frames <n>', 'frames of the made video', positiveInteger, 24)
    .option('--repeats <n>', 'runs of each kind, of which the median counts', positiveInteger, 3)
    .action((flags) => speed({ ...flags, size: flags.size ?? { width: 480, height: 360 } }));
  shared(benchmark.command('memory'), { width: 160, height: 128 })
    .description('memory of the process at each minute of a long made video')
    .option('--minutes <n>', 'length of the made video', positiveInteger, 10)
    .action((flags) => memory({ ...flags, size: flags.size ?? { width: 160, height: 128 } }));
}

async function speed(flags: CostFlags & { frames: number; repeats: number }): Promise<void> {
  const { measureSpeed } = await import('../../evaluate/index.js');
  const { openVideo } = await import('../../video/index.js');
  const { gigaMacs, Model, Networks } = await import('../../network/index.js');
  const { layer, size, frames, repeats, threads, json } = flags;
  const model = await Model.open(flags.model);
  const cost = {
    key: gigaMacs(model.keyFrame(layer).description, size.height, size.width),
    nonKey: gigaMacs((await model.nonKeyFrame(layer)).description, size.height, size.width),
  };
  using progress = showProgress('speed', { unit: 'runs', total: 2 * repeats, silent: json });
  const measured = await withMadeVideo({ ...size, frames }, async (path) => {
    const networks = await Networks.open(model, { ...size, layer, threads });
    try {
      return await measureSpeed(
        () => openVideo(path),
        networks,
        repeats,
        (done) => progress.update(done),
      );
    } finally {
      await networks.close();
    }
  });
  progress.close();
  const report = {
    model: model.card.name,
    layer,
    ...size,
    threads: threads ?? null,
    gigaMacs: { ...cost, ratio: cost.nonKey / cost.key },
    milliseconds: { perFrame: measured.perFrame, nonKeyFrame: measured.nonKeyFrame, ratio: measured.ratio },
    runs: measured.runs,
  };
  const lines = [
    `${size.width}×${size.height}, Layer ${layer}, end to end`,
    row('', 'ms a frame', 'GMACs'),
    row('per frame', measured.perFrame.toFixed(1), cost.key.toFixed(2)),
    row('non-key frame', measured.nonKeyFrame.toFixed(1), cost.nonKey.toFixed(2)),
    row('ratio', measured.ratio.toFixed(3), report.gigaMacs.ratio.toFixed(3)),
  ];
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
}

async function memory(flags: CostFlags & { minutes: number }): Promise<void> {
  const { MADE_FRAME_RATE, memoryAtMinutes } = await import('../../evaluate/index.js');
  const { openVideo } = await import('../../video/index.js');
  const { loadNetworks } = await import('../../network/index.js');
  const { layer, size, minutes, threads, json } = flags;
  const frames = minutes * 60 * MADE_FRAME_RATE;
  using progress = showProgress('memory', { unit: 'frames', total: frames, silent: json });
  const mebibytes = await withMadeVideo({ ...size, frames }, async (path) => {
    const networks = await loadNetworks(flags.model, { ...size, layer, threads });
    try {
      const video = await openVideo(path);
      return await memoryAtMinutes(video, networks, MADE_FRAME_RATE, (done) => progress.update(done));
    } finally {
      await networks.close();
    }
  });
  progress.close();
  const growth = mebibytes[mebibytes.length - 1] / mebibytes[0] - 1;
  const lines = [
    ...mebibytes.map((value, index) => row(`minute ${index + 1}`, `${value.toFixed(0)} MiB`, '')),
    `growth ${(100 * growth).toFixed(1)} %`,
  ];
  const report = { ...size, layer, mebibytes, growth };
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
}

/** Makes a video in the system's temporary folder for as long as `use` runs. */
async function withMadeVideo<T>(
  options: { width: number; height: number; frames: number },
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { writeMadeVideo } = await import('../../evaluate/index.js');
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-benchmark'));
  try {
    const path = join(folder, 'made.mp4');
    await writeMadeVideo(path, options);
    return await use(path);
  } finally {
    discardTemporary(folder);
  }
}

function row(name: string, first: string, second: string): string {
  return (name.padEnd(16) + first.padStart(12) + second.padStart(10)).trimEnd();
}
