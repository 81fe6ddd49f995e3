/** `twnet benchmark quality`: accuracy over bit rate on a labelled clip. */
import { type Command, Option } from 'commander';
import { listOf, positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { Coding } from '../methods/coding.js';
import { coding, openClip, plotOption, writePlot } from './clip-input.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';
import { qualityLines } from './quality-lines.js';

interface QualityFlags extends MeasurementFlags {
  readonly model?: readonly string[];
  readonly codings: readonly Coding[];
  readonly gop: number;
  readonly fps: number;
  readonly stretch: number;
  readonly frames?: number;
  readonly threads?: number;
}

const CODINGS = ['mpeg4:3', 'mpeg4:6', 'mpeg4:10'];
const EXAMPLES = `
Examples:
  twnet benchmark quality camvid-15hz --plot quality.svg
  twnet benchmark quality camvid-15hz --codings mpeg4:3,mpeg4:10,h264:20,h264:28,h264:34,hevc:28

Bit rates are those of the encoded stream at --fps. “Lost” is against the first stream of the same codec.`;

export function registerQualityBenchmark(benchmark: Command): void {
  benchmark
    .command('quality')
    .description(
      'accuracy over bit rate: a labelled clip encoded finer and coarser, per frame and with motion',
    )
    .argument('<clip>', 'folder with images/ and labels/: consecutive frames, all labelled')
    .option(
      '--model <models...>',
      'model names or folders, of CamVid’s classes (default: the newest that ships)',
    )
    .addOption(
      new Option('--codings <list>', 'streams, codec:quality each: mpeg4:1–31, h264:0–51, hevc:0–51')
        .argParser(listOf(coding))
        .default(CODINGS.map(coding), CODINGS.join(',')),
    )
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--fps <n>', 'frames a second of the clip', positiveInteger, 15)
    .option('--stretch <n>', 'pictures of a stretch, of which intervals are drawn', positiveInteger, 4)
    .option('--frames <n>', 'only the first frames of the clip', positiveInteger)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .addOption(plotOption())
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(quality);
}

async function quality(folder: string, flags: QualityFlags): Promise<void> {
  const { codings, gop, fps, stretch, threads, json } = flags;
  const [{ measureQuality }, { perFrameAt, pointsOf }] = await Promise.all([
    import('../quality/quality.js'),
    import('../methods/network-methods.js'),
  ]);
  const { clip, models, classes } = await openClip(folder, flags);
  const methods = models.flatMap((model) => [
    perFrameAt(model, 1, { threads }),
    ...pointsOf(model, { threads }),
  ]);
  using progress = showProgress('quality', { unit: 'frames', silent: json });
  const plan = { clip, classes, methods, codings, gop, frameRate: fps, stretch };
  const streams = await measureQuality(plan, (done, total, what) => progress.update(done, what, total));
  progress.close();
  const { width, height, frames } = clip;
  const report = {
    ...{ frames: frames.length, width, height, gop, framesPerSecond: fps, stretch, level: 0.95 },
    streams,
  };
  if (flags.plot !== undefined) {
    const { qualityChart } = await import('../report/quality-chart.js');
    await writePlot(flags.plot, qualityChart(streams));
  }
  await printMeasurement(flags, models, report, qualityLines(streams));
}
