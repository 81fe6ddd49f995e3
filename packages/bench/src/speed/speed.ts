/** How fast configurations are beside the per-frame model, measured in turns. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VideoFrame } from '@twnet/core/frame';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { untrainedNetworks } from '@twnet/core/model/untrained';
import type { BackboneName } from '@twnet/core/network/backbones';
import { gigaMacs } from '@twnet/core/network/cost';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { seededRandom } from '@twnet/core/random';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import { operatorTimes } from '../cost/operator-times.js';
import { describeMachine, type Machine } from '../stamp/machine.js';
import { writeMadeVideo } from './made-video.js';
import { type SpeedMeasurement, speedMeasurements } from './speed-measurement.js';
import {
  type Configuration,
  configurations,
  type FrameSize,
  framesOfRun,
  framesOfVisit,
  roundOrder,
  type SpeedPlan,
} from './speed-plan.js';
import { type SpeedInputs, type Visit, visit } from './speed-visit.js';

/** Runs of a network that its operators' times are means of. */
const PROFILED_RUNS = 10;

/** Where a network's weights come from, and what it costs. */
export interface TimedNetwork extends FrameSize {
  readonly backbone: BackboneName;
  readonly layer: WarpLayer | 'per-frame';
  /** The model's name, or `random`. */
  readonly weights: string;
  /** Of one frame: the per-frame network's, or the non-key-frame network's. */
  readonly gigaMacs: number;
}

/** A network's time by operator; the per-frame network's, or the non-key-frame network's. */
export interface TimedOperators extends Omit<Configuration, 'threads'> {
  /** null: ONNX Runtime's choice. */
  readonly threads: number | null;
  readonly operators: Awaited<ReturnType<typeof operatorTimes>>;
}

export interface SpeedReport {
  readonly machine: Machine;
  readonly provider: string;
  /** Groups of pictures that were worked on at a time, end to end. */
  readonly parallel: number;
  readonly rounds: number;
  readonly networks: readonly TimedNetwork[];
  readonly measurements: readonly SpeedMeasurement[];
  /** Empty unless the plan asks for them. */
  readonly operators: readonly TimedOperators[];
}

/** Done and to do, megapixels; what is run now, in words. */
export type SpeedProgress = (done: number, total: number, what: string) => void;

/**
 * Times every configuration of a plan in turns: each round opens one after the other, warms it up, times its networks
 * alone and its whole way over made videos, and closes it, so that memory does not grow with the plan, and what the
 * machine does over minutes befalls all alike. Ratios are of the same round.
 *
 * @throws TwnetError where the execution provider cannot run the networks
 */
export async function measureSpeeds(plan: SpeedPlan, onProgress?: SpeedProgress): Promise<SpeedReport> {
  const groups = configurations(plan);
  const sources = new NetworkSources(plan.models, plan.models[0] ?? (await Model.open()));
  const frames = framesOfVisit(plan);
  const work = new Work(
    (plan.rounds * frames + (plan.operators ? PROFILED_RUNS : 0)) * pixels(groups.flat()),
    onProgress,
  );
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-benchmark'));
  try {
    work.begin('videos are made');
    const inputs = new Map<string, SpeedInputs>();
    for (const size of plan.sizes) inputs.set(sizeName(size), await makeInputs(folder, plan, size));
    const rounds: Visit[][] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const visits: Visit[] = [];
      for (const configuration of roundOrder(groups, round)) {
        work.begin(configurationName(configuration));
        const { source } = sources.of(configuration);
        visits.push(await visit(configuration, source, inputs.get(sizeName(configuration))!, plan));
        work.end(frames * pixels([configuration]));
      }
      rounds.push(visits);
    }
    const operators: TimedOperators[] = [];
    for (const configuration of plan.operators ? groups.flat() : []) {
      work.begin(`${configurationName(configuration)}, by operator`);
      operators.push(await timedOperators(configuration, sources, plan.provider));
      work.end(PROFILED_RUNS * pixels([configuration]));
    }
    return {
      machine: describeMachine(),
      provider: plan.provider ?? 'cpu',
      parallel: plan.parallel ?? 1,
      rounds: plan.rounds,
      networks: await timedNetworks(groups, sources),
      measurements: speedMeasurements(groups, plan.gops, rounds),
      operators,
    };
  } finally {
    discardTemporary(folder);
  }
}

/** Tells how far it is, in megapixels. */
class Work {
  #done = 0;
  #name = '';

  constructor(
    /** Pixels. */
    readonly total: number,
    readonly onProgress: SpeedProgress | undefined,
  ) {}

  begin(name: string): void {
    this.#name = name;
    this.#tell();
  }

  end(pixels: number): void {
    this.#done += pixels;
    this.#tell();
  }

  #tell(): void {
    this.onProgress?.(this.#done / 1e6, this.total / 1e6, this.#name);
  }
}

function pixels(sizes: readonly FrameSize[]): number {
  return sizes.reduce((sum, { width, height }) => sum + width * height, 0);
}

function sizeName({ width, height }: FrameSize): string {
  return `${width}×${height}`;
}

function configurationName({ backbone, layer, threads, ...size }: Configuration): string {
  const networks = layer === 'per-frame' ? 'per frame' : `Layer ${layer}`;
  return `${backbone} ${networks} at ${sizeName(size)}${threads ? `, threads: ${threads}` : ''}`;
}

async function makeInputs(folder: string, plan: SpeedPlan, size: FrameSize): Promise<SpeedInputs> {
  const videos = new Map<number, string>();
  for (const gop of plan.gops) {
    const path = join(folder, `${sizeName(size)}-${gop}.mp4`);
    await writeMadeVideo(path, { ...size, frames: framesOfRun(plan, gop), gop });
    videos.set(gop, path);
  }
  const path = join(folder, `${sizeName(size)}-pair.mp4`);
  await writeMadeVideo(path, { ...size, frames: 2 });
  await using video = await openVideo(path);
  const frames: VideoFrame[] = [];
  for await (const frame of video) frames.push(frame);
  return { videos, pair: [frames[0], frames[1]] };
}

/** Weights for every backbone: those of a model, or random ones. */
class NetworkSources {
  readonly #random = new Map<BackboneName, NetworkSource>();

  constructor(
    readonly models: readonly Model[],
    /** Whose classes the random ones have. */
    readonly like: Model,
  ) {}

  of({ backbone, layer }: Configuration): { source: NetworkSource; weights: string } {
    const model = this.models.find(({ card }) => card.backbone === backbone);
    if (model && (layer === 'per-frame' || layer === 3 || model.card.networks[`layer${layer}`]))
      return { source: model, weights: model.card.name };
    let source = this.#random.get(backbone);
    source ??= untrainedNetworks(backbone, (model ?? this.like).card, seededRandom(0));
    this.#random.set(backbone, source);
    return { source, weights: 'random' };
  }
}

async function networkOf(source: NetworkSource, layer: Configuration['layer']) {
  return layer === 'per-frame' ? source.keyFrame() : source.nonKeyFrame(layer);
}

async function timedNetworks(
  groups: readonly (readonly Configuration[])[],
  sources: NetworkSources,
): Promise<TimedNetwork[]> {
  const networks = new Map<string, TimedNetwork>();
  for (const configuration of groups.flat()) {
    const { backbone, layer, width, height } = configuration;
    const { source, weights } = sources.of(configuration);
    const { description } = await networkOf(source, layer);
    networks.set(`${backbone} ${layer} ${width} ${height}`, {
      ...{ backbone, layer, width, height, weights },
      gigaMacs: gigaMacs(description, height, width),
    });
  }
  return [...networks.values()];
}

async function timedOperators(
  configuration: Configuration,
  sources: NetworkSources,
  provider: string | undefined,
): Promise<TimedOperators> {
  const { layer, width, height, threads } = configuration;
  const { source } = sources.of(configuration);
  const random = seededRandom(1);
  const options = { width, height, threads, provider, runs: PROFILED_RUNS, random };
  const operators = await operatorTimes(await networkOf(source, layer), options);
  return { ...configuration, threads: threads ?? null, operators };
}
