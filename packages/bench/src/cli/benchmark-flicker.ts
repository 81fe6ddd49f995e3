/** `twnet benchmark flicker`: how steady labels are on video without true ones. */
import type { Command } from 'commander';
import { positiveInteger, warpLayer } from '../../../twnet/src/cli/option-values.js';
import { percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { withNetworks } from '../../../twnet/src/cli/with-networks.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

export function registerFlickerBenchmark(benchmark: Command): void {
  benchmark
    .command('flicker')
    .description('how labels change along the motion, without true ones: flicker and temporal consistency')
    .argument('<video>', 'any video; no labels are needed')
    .option('--model <dir>', 'model name or folder (default: camvid-mobilenet-v1)')
    .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
    .option('--frames <n>', 'stop after so many frames', positiveInteger)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  twnet benchmark flicker drive.mp4 --layer 1 --frames 200')
    .action(flicker);
}

interface FlickerFlags extends MeasurementFlags {
  readonly model?: string;
  readonly layer: 1 | 2 | 3;
  readonly frames?: number;
  readonly threads?: number;
}

async function flicker(path: string, flags: FlickerFlags): Promise<void> {
  const { PAPER_MODEL } = await import('@twnet/node/model/shipped-models');
  const { model = PAPER_MODEL, layer, frames, threads, json } = flags;
  const [{ meanIou }, { TemporalConsistency }, { videoFlicker }] = await Promise.all([
    import('@twnet/core/metrics/metrics'),
    import('@twnet/core/metrics/temporal-consistency'),
    import('../accuracy/video-flicker.js'),
  ]);
  const { openVideo } = await import('@twnet/node/video/open-video');
  const { width, height, frameCountEstimate } = (await openAndClose(path)).info;
  const each = Math.min(frames ?? Number.POSITIVE_INFINITY, frameCountEstimate ?? Number.POSITIVE_INFINITY);
  const total = Number.isFinite(each) ? 2 * each : undefined;
  using progress = showProgress('flicker', { unit: 'frames', total, silent: json });
  let done = 0;
  const report = await withNetworks(model, { width, height, layer, threads }, async (networks) => {
    const flickers: number[] = [];
    const consistencies: number[] = [];
    for (const perFrame of [true, false]) {
      await using video = await openVideo(path);
      const consistency = new TemporalConsistency(networks.classes, width, height);
      const run = { perFrame, frames, consistency };
      const meter = await videoFlicker(video, networks, run, () => progress.update(++done));
      flickers.push(meter.mean());
      consistencies.push(meanIou(consistency.matrix));
    }
    const [perFrame, propagated] = flickers;
    const temporalConsistency = { perFrame: consistencies[0], propagated: consistencies[1] };
    const { name } = networks.card;
    return { model: name, layer, perFrame, propagated, ratio: propagated / perFrame, temporalConsistency };
  });
  progress.close();
  const { temporalConsistency: consistency } = report;
  await printMeasurement(flags, [model], report, [
    `pixels whose label changes from frame to frame, along the motion`,
    `per frame   ${percent(report.perFrame)} %`,
    `propagated  ${percent(report.propagated)} %  (${report.ratio.toFixed(3)} of per frame)`,
    '',
    'temporal consistency: mIoU of labels and those of the frame before, warped along the motion',
    `per frame   ${percent(consistency.perFrame)} %`,
    `propagated  ${percent(consistency.propagated)} %`,
  ]);
}

/** A video's facts, without reading its frames. */
async function openAndClose(path: string) {
  const { openVideo } = await import('@twnet/node/video/open-video');
  const video = await openVideo(path);
  await video.close();
  return video;
}
