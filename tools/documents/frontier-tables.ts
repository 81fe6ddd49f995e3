/** Tables and pictures of what is measured beside the per-frame network: frontier, quality, agreement. */

import type { VideoAgreement } from '@twnet/bench/agreement/video-agreement';
import type { Estimate } from '@twnet/bench/frontier/estimate';
import type { MethodFigures } from '@twnet/bench/frontier/frontier-report';
import { codingName } from '@twnet/bench/methods/coding';
import type { StreamFigures } from '@twnet/bench/quality/quality';
import { frontierChart } from '@twnet/bench/report/frontier-chart';
import { qualityChart } from '@twnet/bench/report/quality-chart';
import type { MethodThroughput } from '@twnet/bench/throughput/throughput';
import type { Tables } from './fill.js';
import type { MeasurementsByName } from './measurements.js';

/** As a file has it: NaN is null. */
type Measured<T> = T | undefined;

const NOT_YET = '–';

const methodsOf = (measurements: MeasurementsByName): Measured<MethodFigures[]> =>
  measurements.get('frontier')?.methods as Measured<MethodFigures[]>;
const streamsOf = (measurements: MeasurementsByName): Measured<StreamFigures[]> =>
  measurements.get('quality')?.streams as Measured<StreamFigures[]>;
const videosOf = (measurements: MeasurementsByName) =>
  measurements.get('agreement')?.videos as Measured<(VideoAgreement & { readonly video: string })[]>;

const percent = (value: number, digits = 1): string => (100 * value).toFixed(digits);

/** `72.3 (70.1–74.5)`. */
const estimated = ({ value, lower, upper }: Estimate): string =>
  `${percent(value)} (${percent(lower)}–${percent(upper)})`;

/** `+2.3 (1.1 to 3.5)`. */
function signed({ value, lower, upper }: Estimate): string {
  const told = (one: number): string => percent(one).replace('-', '−');
  return `${value > 0 ? '+' : ''}${told(value)} (${told(lower)} to ${told(upper)})`;
}

function rendered(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.length > 0 ? rows : [columns.map(() => NOT_YET)];
  return [columns, columns.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const frontier: Tables[string] = (measurements) =>
  rendered(
    [
      'model',
      'way',
      'mIoU',
      'kept',
      'ms a frame',
      'share of time',
      'per frame as fast: scale',
      'mIoU',
      'points above it',
    ],
    (methodsOf(measurements) ?? []).map(({ model, name, meanIou, kept, milliseconds, timeShare, asFast }) => [
      ...[model, name, estimated(meanIou), kept.value.toFixed(3), milliseconds.median.toFixed(1)],
      timeShare.median.toFixed(2),
      ...(asFast
        ? [
            `${asFast.beyond === 'faster' ? '≥ ' : ''}${asFast.scale.toFixed(2)}`,
            ...[percent(asFast.meanIou), signed(asFast.gap)],
          ]
        : ['', '', '']),
    ]),
  );

const frontierDistances: Tables[string] = (measurements) => {
  const methods = methodsOf(measurements) ?? [];
  const points = methods.filter(
    ({ kind, scale }) => kind === 'point' || (kind === 'per-frame' && scale === 1),
  );
  const distances = points[0]?.curve.map(({ distance }) => distance) ?? [];
  const columns = points.map(({ model, name }) => `${model}: ${name}`);
  return rendered(
    ['distance', ...columns],
    distances.map((distance) => [
      String(distance),
      ...points.map(({ curve }) => {
        const point = curve.find((one) => one.distance === distance);
        if (!point) return NOT_YET;
        return `${percent(point.meanIou.value)}${point.aboveWarp ? `; ${signed(point.aboveWarp)}` : ''}`;
      }),
    ]),
  );
};

const quality: Tables[string] = (measurements) => {
  const streams = streamsOf(measurements) ?? [];
  const methods = streams[0]?.methods ?? [];
  return rendered(
    ['stream', 'kbit/s', ...methods.map(({ model, name }) => `${model}: ${name}`)],
    streams.map((stream) => [
      codingName(stream.coding),
      stream.kilobitsPerSecond.toFixed(0),
      ...stream.methods.map(
        ({ meanIou, abovePerFrame }) =>
          `${percent(meanIou.value)}${abovePerFrame ? `; ${signed(abovePerFrame)}` : ''}`,
      ),
    ]),
  );
};

const agreement: Tables[string] = (measurements) =>
  rendered(
    ['video', 'labels compared', 'differ, %', 'the start weights', 'ratio'],
    (videosOf(measurements) ?? []).flatMap(
      ({ video, width, height, frames, recoded, halfSize, betweenModels }) => [
        ...[
          ...recoded.map((one) => [codingName(one.coding), one] as const),
          ['half size', halfSize] as const,
        ].map(([told, { disagreement, against }], i) => [
          i === 0 ? `${video}, ${frames} frames of ${width}×${height}` : '',
          ...[told, percent(disagreement, 2)],
          ...(against ? [percent(against.disagreement, 2), against.ratio.toFixed(2)] : ['', '']),
        ]),
        ...(betweenModels === undefined
          ? []
          : [['', 'start weights, per frame', percent(betweenModels, 2), '', '']]),
      ],
    ),
  );

const agreementNonKey: Tables[string] = (measurements) =>
  rendered(
    [
      'video',
      'way',
      'differs from per frame, %',
      '÷ better of half size and warp alone',
      'flicker ÷ per frame',
      'at distance 11',
    ],
    (videosOf(measurements) ?? []).flatMap(({ video, nonKey }) =>
      nonKey.map(({ name, disagreement, ofBetter, flickerShare, byDistance }, i) => {
        const farthest = byDistance.find(({ distance }) => distance === 11);
        return [
          ...[i === 0 ? video : '', name, percent(disagreement, 2), ofBetter?.toFixed(2) ?? ''],
          ...[flickerShare.toFixed(2), farthest ? percent(farthest.disagreement, 2) : NOT_YET],
        ];
      }),
    ),
  );

const throughput: Tables[string] = (measurements) => {
  const methods = measurements.get('throughput')?.methods as Measured<MethodThroughput[]>;
  const columns = ['model', 'way', 'ms a frame', 'frames a second', 'speed-up', 'of a frame'];
  return rendered(
    [...columns, ...STAGES.map((stage) => `${stage}, ms`)],
    (methods ?? []).flatMap(({ model, name, milliseconds, framesPerSecond, speedUp, stages }) => {
      const told = [milliseconds.median, framesPerSecond, speedUp.median];
      const first = [model, name, ...told.map((value) => value.toFixed(1))];
      return (['key', 'nonKey'] as const).flatMap((kind) => {
        const times = stages[kind];
        if (!times) return [];
        const cells = STAGES.map((stage) => times[stage].toFixed(1));
        return [
          [...(kind === 'key' ? first : ['', '', '', '', '']), kind === 'key' ? 'key' : 'non-key', ...cells],
        ];
      });
    }),
  );
};
const STAGES = ['decode', 'motion', 'network', 'labels'] as const;

/** A picture's place, and its SVG from the measurement, where there is one. */
export interface DrawnChart {
  /** Relative to the root. */
  readonly file: string;
  readonly svg: string | undefined;
}

const FRONTIER_PICTURE = 'docs/images/frontier.svg';
const QUALITY_PICTURE = 'docs/images/quality.svg';

export function drawnCharts(measurements: MeasurementsByName): DrawnChart[] {
  const [methods, streams] = [methodsOf(measurements), streamsOf(measurements)];
  return [
    { file: FRONTIER_PICTURE, svg: methods && `${plain(frontierChart(methods))}\n` },
    { file: QUALITY_PICTURE, svg: streams && `${plain(qualityChart(streams))}\n` },
  ];
}

/** Without what is for pointers that hover, whose names count the charts that were drawn before. */
function plain(svg: string): string {
  return svg
    .replaceAll(/<style[\s\S]*?<\/style>/g, '')
    .replaceAll(/ (class|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, 'zr-');
}

/** Nothing at all until it is there; `from` is where the document lies. */
const picture =
  (file: string, alt: string, isMeasured: (measurements: MeasurementsByName) => unknown): Tables[string] =>
  (measurements) =>
    isMeasured(measurements) ? `![${alt}](${file})` : '';

const FRONTIER_ALT =
  'mIoU over milliseconds a frame: per-frame networks at every scale, operating points, other methods';
const QUALITY_ALT = 'mIoU over bit rate, per frame and with motion';

export const FRONTIER_TABLES: Tables = {
  ...{ frontier, 'frontier-distances': frontierDistances, quality, agreement, throughput },
  'agreement-nonkey': agreementNonKey,
  'frontier-picture': picture(FRONTIER_PICTURE, FRONTIER_ALT, methodsOf),
  'quality-picture': picture(QUALITY_PICTURE, QUALITY_ALT, streamsOf),
  'frontier-picture-research': picture('../images/frontier.svg', FRONTIER_ALT, methodsOf),
  'quality-picture-research': picture('../images/quality.svg', QUALITY_ALT, streamsOf),
};
