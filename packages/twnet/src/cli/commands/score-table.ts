/** The report of `twnet score` as a table. */
import { percent } from '../print-report.js';
import type { Ends, ScoreReport, Share } from './score-report.js';

/** The report's lines. */
export function scoreTable(report: ScoreReport): string[] {
  const { confidence, boundary, videoConsistency, against } = report;
  const all = report.classes.reduce((sum, { pixels }) => sum + pixels, 0);
  const interval = confidence ? `${100 * confidence.level} % interval` : '';
  const lines = [row('class', 'IoU %', 'of pixels', interval)];
  for (const { name, iou, pixels, interval: ends } of report.classes) {
    lines.push(row(name, percent(iou), percent(pixels / all), format(ends)));
  }
  if (report.categories) {
    lines.push('', row('category', 'IoU %', '', interval));
    for (const { name, iou, interval: ends } of report.categories)
      lines.push(row(name, percent(iou), '', format(ends)));
  }
  const figure = (name: string, value: Share, ends?: Ends): number =>
    lines.push(row(name, percent(value), '', format(ends)));
  lines.push('');
  figure('mIoU', report.meanIou, confidence?.meanIou);
  if (report.meanCategoryIou !== undefined)
    figure('category mIoU', report.meanCategoryIou, confidence?.meanCategoryIou);
  figure('pixel accuracy', report.pixelAccuracy, confidence?.pixelAccuracy);
  figure('mean accuracy', report.meanAccuracy, confidence?.meanAccuracy);
  if (boundary) figure(`mIoU in ${boundary.distance} px`, boundary.meanIou, boundary.interval);
  if (videoConsistency) {
    figure('VC8', videoConsistency.vc8);
    figure('VC16', videoConsistency.vc16);
  }
  if (against) {
    figure('mIoU of other', against.meanIou);
    figure('mIoU more by', against.difference, against.interval);
  }
  lines.push(...notes(report));
  return lines.map((line) => line.trimEnd());
}

function notes({ pictures, pairedBy, boundary, confidence }: ScoreReport): string[] {
  const order = pairedBy === 'order' ? ', paired by sorted order because their names differ' : '';
  const lines = [`${counted(pictures, 'picture')}${order}`];
  if (boundary)
    lines.push(`mIoU in ${boundary.distance} px: pixels at most so far from a boundary of true classes`);
  if (confidence) {
    const { sequences, block, resamples } = confidence;
    const unit =
      block === undefined
        ? counted(sequences, 'sequence')
        : `${counted(sequences, 'stretch', 'es')} of ${counted(block, 'picture')}`;
    lines.push(`intervals: ${unit}, drawn anew ${resamples} times`);
  }
  return lines;
}

function counted(count: number, noun: string, plural = 's'): string {
  return `${count} ${noun}${count === 1 ? '' : plural}`;
}

function row(name: string, first: string, second: string, third: string): string {
  return name.padEnd(16) + first.padStart(7) + second.padStart(12) + third.padStart(18);
}

function format(ends: Ends | undefined): string {
  return ends ? `${percent(ends[0])} – ${percent(ends[1])}` : '';
}
