/** How fast configurations are beside the per-frame network, measured in turns. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VideoFrame } from '@twnet/core/frame';
import type { LoadedNetwork, NetworkSource } from '@twnet/core/model/loaded-network';
import { untrainedNetworks } from '@twnet/core/model/untrained';
import type { BackboneName } from '@twnet/core/network/backbones';
import { gigaMacs } from '@twnet/core/network/cost';
import { seededRandom } from '@twnet/core/random';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import { Model, PAPER_MODEL } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import { operatorTimes } from '../cost/operator-times.js';
import { describeMachine, type Machine } from '../stamp/machine.js';
import { writePanningVideo } from './panning-video.js';
import { type SpeedMeasurement, speedMeasurements } from './speed-measurement.js';
import {
  type Configuration,
  configurations,
  type FrameSize,
  framesOfRun,
  roundOrder,
  type SpeedPlan,
} from './speed-plan.js';
import { type SpeedInputs, type Visit, visit } from './speed-visit.js';

/** Runs of a network that its operators' times are means of. */
const PROFILED_RUNS = 10;

/** Where a network's weights come from, and what it costs. */
export interface TimedNetwork extends Configuration {
  /** The model's name, or `random`. */
  readonly weights: string;
  /** Of one frame: the per-frame network's, or the non-key-frame network's. */
  readonly gigaMacs: number;
}

/** A network's time by operator; the per-frame network's, or the non-key-frame network's. */
export interface TimedOperators extends Configuration {
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
 * alone and its whole way over a video, and closes it, so that memory does not grow with the plan, and what the
 * machine does over minutes befalls all alike. Ratios are of the same round.
 *
 * @throws TwnetError where the execution provider cannot run the networks
 */
export async function measureSpeeds(plan: SpeedPlan, onProgress?: SpeedProgress): Promise<SpeedReport> {
  const { provider = 'cpu', parallel = 1, threads, rounds: count } = plan;
  const groups = configurations(plan);
  const all = groups.flat();
  const sources = new NetworkSources(plan.models, plan.models[0] ?? (await Model.open(PAPER_MODEL)));
  const frames = framesOfRun(plan);
  const runs = count * frames + (plan.operators ? PROFILED_RUNS : 0);
  const total = runs * all.reduce((sum, { width, height }) => sum + width * height, 0);
  let done = 0;
  const tell = (what: string): void => onProgress?.(done / 1e6, total / 1e6, what);
  const folder = temporaryFolderFor(join(tmpdir(), 'twnet-benchmark'));
  try {
    tell('videos are made');
    const inputs = new Map<string, SpeedInputs>();
    for (const size of plan.sizes) inputs.set(sizeName(size), await makeInputs(folder, plan, size));
    const rounds: Visit[][] = [];
    for (let round = 0; round < count; round++) {
      const visits: Visit[] = [];
      for (const one of roundOrder(groups, round)) {
        tell(configurationName(one));
        visits.push(await visit(one, sources.of(one).source, inputs.get(sizeName(one))!, plan));
        done += frames * one.width * one.height;
      }
      rounds.push(visits);
    }
    const operators: TimedOperators[] = [];
    for (const one of plan.operators ? all : []) {
      tell(`${configurationName(one)}, by operator`);
      const options = { ...one, threads, provider: plan.provider, runs: PROFILED_RUNS };
      const network = await sources.network(one);
      operators.push({
        ...one,
        operators: await operatorTimes(network, { ...options, random: seededRandom(1) }),
      });
      done += PROFILED_RUNS * one.width * one.height;
    }
    tell('done');
    const networks: TimedNetwork[] = [];
    for (const one of all) {
      const { description } = await sources.network(one);
      const { weights } = sources.of(one);
      networks.push({ ...one, weights, gigaMacs: gigaMacs(description, one.height, one.width) });
    }
    const measurements = speedMeasurements(groups, plan, rounds);
    return {
      machine: describeMachine(),
      provider,
      parallel,
      rounds: count,
      networks,
      measurements,
      operators,
    };
  } finally {
    discardTemporary(folder);
  }
}

function sizeName({ width, height }: FrameSize): string {
  return `${width}×${height}`;
}

function configurationName({ backbone, layer, ...size }: Configuration): string {
  return `${backbone} ${layer === 'per-frame' ? 'per frame' : `Layer ${layer}`} at ${sizeName(size)}`;
}

async function makeInputs(folder: string, plan: SpeedPlan, size: FrameSize): Promise<SpeedInputs> {
  const video = join(folder, `${sizeName(size)}.mp4`);
  await writePanningVideo(video, { ...size, frames: framesOfRun(plan), gop: plan.gop });
  const path = join(folder, `${sizeName(size)}-pair.mp4`);
  await writePanningVideo(path, { ...size, frames: 2 });
  await using opened = await openVideo(path);
  const frames: VideoFrame[] = [];
  for await (const frame of opened) frames.push(frame);
  return { video, pair: [frames[0], frames[1]] };
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

  network(configuration: Configuration): Promise<LoadedNetwork> | LoadedNetwork {
    const { source } = this.of(configuration);
    const { layer } = configuration;
    return layer === 'per-frame' ? source.keyFrame() : source.nonKeyFrame(layer);
  }
}
