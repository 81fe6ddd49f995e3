/** The demo's page: its clip frame by frame, and the figures. */
import { availableParallelism } from 'node:os';
import { pointName, pointOf } from '@twnet/core/network/operating-point';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { RecordedFrame } from '@twnet/core/segment/recording';
import type { StageTimes } from '@twnet/core/segment/stats';
import { type PageRun, renderPage } from '../../page/page.js';
import { recordFrame } from '../../page/recording.js';
import { FRAME_RATE, GROUP, type PackedLabels } from './scene.js';
import type { SceneRun } from './segment-scene.js';

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
  const runs = [twnet, perFrame, warpAlone];
  const frames: RecordedFrame[] = [];
  for (const [i, { frame, kind, distance, field, residual, attention }] of twnet.shown.entries()) {
    const ways = runs.map(({ shown }) => shown[i]);
    const recorded = {
      ...{ type: frame.pictureType, kind, distance, pixels: frame.pixels, field, residual, attention },
      ...{ labels: ways.map(({ labels }) => labels), timings: ways.map(({ timings }) => timings) },
      truth: truth.at(i),
    };
    frames.push(await recordFrame(recorded, { width, height }));
  }
  const total = twnet.stats.frames.total;
  return renderPage({
    title: 'A street, segmented by its own motion vectors',
    about: [
      `${total} frames of a rendered street (${width}×${height}, ${FRAME_RATE} a second, MPEG-4 with an I-frame in ${GROUP}), model ${card.name}, ${pointName(pointOf(networks))}, ${availableParallelism()} cores.`,
      'Key frames go through the whole network. The others reuse its features, warped along the vectors that the codec stored and corrected where the residual says that motion does not explain the picture.',
      'The model learnt on real streets and on rendered ones, of which this is none: these figures show how it works on a short clip, docs/research/findings.md how well on real video.',
    ],
    command,
    frameCount: total,
    recording: {
      ...{ name: 'scene', width, height, framesPerSecond: FRAME_RATE, frames },
      ...{ classes: card.classes, palette: card.palette, ways: runs.map(({ name }) => name) },
    },
    perFrame: pageRun(perFrame, alone),
    twnet: pageRun(twnet, propagated),
    warpAlone: { ...pageRun(warpAlone), framesPerSecond: undefined, stages: undefined },
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
