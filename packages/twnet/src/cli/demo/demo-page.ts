/** The demo's page: its clip frame by frame, and the figures. */
import { availableParallelism } from 'node:os';
import { pointName, pointOf } from '@twnet/core/network/operating-point';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { StageTimes } from '@twnet/core/segment/stats';
import { type PageFrame, type PageRun, renderPage } from '../../page/page.js';
import { gridUri, labelsUri, pictureUri } from '../../page/pictures.js';
import { FRAME_RATE, GROUP, type PackedLabels } from './scene.js';
import type { SceneRun } from './segment-scene.js';

/** Residuals from here on are white; most lie far below. */
const WHITE_RESIDUAL = 96;
/** Vectors are kept in quarters of a pixel, as codecs have them. */
const VECTOR_UNIT = 4;

export interface DemoPageOptions {
  readonly command: string;
  readonly networks: ModelNetworks;
  readonly truth: PackedLabels;
  readonly perFrame: SceneRun;
  readonly twnet: SceneRun;
  readonly warpAlone: SceneRun;
  /** Of `perFrame` and of `twnet`. */
  readonly flicker: readonly [number, number];
}

export async function makeDemoPage(options: DemoPageOptions): Promise<string> {
  const { command, networks, truth, perFrame, twnet, warpAlone } = options;
  const { card, width, height } = networks;
  const [alone, propagated] = options.flicker;
  const frames: PageFrame[] = [];
  for (const [i, segmented] of twnet.shown.entries())
    frames.push(await pageFrame(segmented, perFrame.shown[i].labels, truth.at(i), card.palette));
  const total = twnet.stats.frames.total;
  return renderPage({
    title: 'A street, segmented by its own motion vectors',
    about: [
      `${total} frames of a rendered street (${width}×${height}, ${FRAME_RATE} a second, MPEG-4 with an I-frame in ${GROUP}), model ${card.name}, ${pointName(pointOf(networks))}, ${availableParallelism()} cores.`,
      'Key frames go through the whole network. The others reuse its features, warped along the vectors that the codec stored and corrected where the residual says that motion does not explain the picture.',
      'The model learnt on real streets and on rendered ones, of which this is none: these figures show how it works on a short clip, docs/research/findings.md how well on real video.',
    ],
    command,
    width,
    height,
    framesPerSecond: FRAME_RATE,
    frameCount: total,
    classes: card.classes,
    palette: card.palette,
    perFrame: pageRun(perFrame, alone),
    twnet: pageRun(twnet, propagated),
    warpAlone: { ...pageRun(warpAlone), framesPerSecond: undefined, stages: undefined },
    frames,
  });
}

function pageRun({ name, meanIou, classIou, points, stats }: SceneRun, flicker?: number): PageRun {
  return {
    name,
    meanIou,
    classIou,
    points,
    flicker,
    framesPerSecond: stats.framesPerSecond,
    stages: meanStages(stats.milliseconds, stats.frames.total),
  };
}

function meanStages(
  { decode, motion, network, labels, write }: StageTimes,
  frames: number,
): Record<string, number> {
  const sums = { decode, motion, network, labels, write };
  return Object.fromEntries(Object.entries(sums).map(([stage, sum]) => [stage, sum / frames]));
}

async function pageFrame(
  { frame, kind, distance, labels, residual, attention, field }: SegmentedFrame,
  perFrame: Uint8Array,
  truth: Uint8Array,
  palette: ModelNetworks['card']['palette'],
): Promise<PageFrame> {
  const { width, height, pictureType } = frame;
  const map = (values: Uint8Array): Promise<string> => labelsUri(values, width, height, palette);
  const quarters = (values: Float32Array): number[] =>
    Array.from(values, (value) => Math.round(VECTOR_UNIT * value));
  const cells = field ? field.rows * field.columns : 0;
  return {
    type: pictureType,
    kind,
    distance,
    image: await pictureUri(frame.pixels, width, height),
    truth: await map(truth),
    perFrame: await map(perFrame),
    twnet: await map(labels),
    ...(residual && field
      ? {
          residual: await gridUri(brightest(residual.data, cells), field.columns, field.rows, WHITE_RESIDUAL),
        }
      : {}),
    ...(attention && field ? { attention: await gridUri(attention, field.columns, field.rows, 1) } : {}),
    ...(field
      ? {
          vectors: {
            columns: field.columns,
            stride: field.stride,
            dx: quarters(field.dx),
            dy: quarters(field.dy),
          },
        }
      : {}),
  };
}

/** The largest of the three planes, cell by cell. */
function brightest(planes: Float32Array, cells: number): Float32Array {
  return Float32Array.from({ length: cells }, (_, i) =>
    Math.max(planes[i], planes[i + cells], planes[i + 2 * cells]),
  );
}
