/** `twnet benchmark agreement` for a person. */
import type { Compared, VideoAgreement } from '../agreement/video-agreement.js';
import { codingName } from '../methods/coding.js';
import { hundredths } from './estimates.js';

/** @param against the other model's name */
export function agreementLines(
  videos: readonly (VideoAgreement & { readonly video: string })[],
  against?: string,
): string[] {
  return videos.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...linesOf(one, against)]);
}

const WIDTH = 28;

function linesOf(figures: VideoAgreement & { readonly video: string }, against?: string): string[] {
  const { video, width, height, frames, recoded, halfSize, betweenModels, nonKey, perFrameFlicker } = figures;
  const distances = nonKey[0].byDistance.map(({ distance }) => distance);
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(WIDTH)}${cells.map((cell) => cell.padStart(9)).join('')}`.trimEnd();
  const other = (one: Compared): string[] =>
    one.against ? [hundredths(one.against.disagreement), one.against.ratio.toFixed(3)] : [];
  return [
    `${video}: ${frames} frames of ${width}×${height}`,
    row('pixels labelled differently', [
      '%',
      ...(against === undefined ? [] : [shortened(against), 'ratio']),
    ]),
    ...recoded.map((one) => row(codingName(one.coding), [hundredths(one.disagreement), ...other(one)])),
    row('half size', [hundredths(halfSize.disagreement), ...other(halfSize)]),
    ...(betweenModels === undefined ? [] : [row(`${against}, per frame`, [hundredths(betweenModels)])]),
    row('non-key against per frame', ['%', '÷ better', 'flicker', '÷', ...distances.map(String)]),
    row('per frame', ['', '', hundredths(perFrameFlicker), '']),
    ...nonKey.map(({ name, disagreement, byDistance, ofBetter, flicker, flickerShare }) =>
      row(name, [
        ...[hundredths(disagreement), ofBetter?.toFixed(3) ?? ''],
        ...[hundredths(flicker), flickerShare.toFixed(3)],
        ...byDistance.map((one) => hundredths(one.disagreement)),
      ]),
    ),
  ];
}

/** To fit a column. */
const shortened = (name: string): string => (name.length > 8 ? `${name.slice(0, 7)}…` : name);
