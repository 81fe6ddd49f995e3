/** `twnet benchmark memory`. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import { type Command, Option } from 'commander';
import { evenSize, positiveInteger, warpLayer } from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface MemoryFlags extends MeasurementFlags {
  readonly model?: string;
  readonly layer: 1 | 2 | 3;
  readonly size: { width: number; height: number };
  readonly threads?: number;
  readonly minutes: number;
}

export function registerMemoryBenchmark(benchmark: Command): void {
  benchmark
    .command('memory')
    .description('memory of the process at each minute of a long video')
    .option('--model <dir>', 'model name or folder (default: camvid-mobilenet-v1)')
    .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
    .addOption(
      new Option('--size <WxH>', 'frame size')
        .argParser(evenSize)
        .default({ width: 160, height: 128 }, '160x128'),
    )
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--minutes <n>', 'length of the video', positiveInteger, 10)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  twnet benchmark memory --minutes 3')
    .action(memory);
}

async function memory(flags: MemoryFlags): Promise<void> {
  const [{ PANNING_FRAME_RATE }, { memoryAtMinutes }] = await Promise.all([
    import('../speed/panning-video.js'),
    import('../memory/memory.js'),
  ]);
  const { openVideo } = await import('@twnet/node/video/open-video');
  const { loadNetworks } = await import('@twnet/node/networks/networks');
  const { PAPER_MODEL } = await import('@twnet/node/model/shipped-models');
  const { layer, size, minutes, threads, json } = flags;
  const frames = minutes * 60 * PANNING_FRAME_RATE;
  using progress = showProgress('memory', { unit: 'frames', total: frames, silent: json });
  const mebibytes = await withPanningVideo({ ...size, frames }, async (path) => {
    const networks = await loadNetworks(flags.model ?? PAPER_MODEL, { ...size, layer, threads });
    try {
      const video = await openVideo(path);
      return await memoryAtMinutes(video, networks, PANNING_FRAME_RATE, (done) => progress.update(done));
    } finally {
      await networks.close();
    }
  });
  progress.close();
  const growth = mebibytes[mebibytes.length - 1] / mebibytes[0] - 1;
  const lines = [
    ...mebibytes.map(
      (value, index) => `${`minute ${index + 1}`.padEnd(16)}${`${value.toFixed(0)} MiB`.padStart(12)}`,
    ),
    `growth ${(100 * growth).toFixed(1)} %`,
  ];
  const report = { ...size, layer, mebibytes, growth };
  await printMeasurement(flags, [flags.model], report, lines);
}

/** Writes a video into the system's temporary folder for as long as `use` runs. */
async function withPanningVideo<T>(
  options: { width: number; height: number; frames: number },
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { writePanningVideo } = await import('../speed/panning-video.js');
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-benchmark'));
  try {
    const path = join(folder, 'panning.mp4');
    await writePanningVideo(path, options);
    return await use(path);
  } finally {
    discardTemporary(folder);
  }
}
