/** One video with one model's networks: opened once, segmented from wherever the page wants it. */
import type { Model } from '@twnet/core/model/model';
import { speedsOf } from '@twnet/core/model/operating-points';
import type { Speed } from '@twnet/core/network/operating-point';
import { automaticScale } from '@twnet/core/network/working-size';
import { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { chooseProvider, type Provider, threadsHere } from '@twnet/web/engine/provider';
import { loadKernels } from '@twnet/web/kernels/provide';
import { readModel } from '@twnet/web/model/model';
import { WarmWorker } from '@twnet/web/networks/warm-networks';
import { DecodedFile } from '@twnet/web/video/decoded-file';
import { openTrack } from '@twnet/web/video/demux';
import { LivePictures } from '@twnet/web/video/live-pictures';
import { type OpenVideoOptions, Video } from '@twnet/web/video/open-video';
import type { PictureSource } from '@twnet/web/video/source-frame';
import type { Choice, OpenedHere, VideoSource } from '../messages.js';
import type { FrameIndex, Layer } from '../shown.js';
import { keyBefore, readFrameIndex } from './frame-index.js';

export interface RunOptions {
  readonly compares: boolean;
  readonly confidence: boolean;
  readonly signal: AbortSignal;
}

const LAYERS: readonly Layer[] = ['labels', 'confidence', 'residual', 'attention', 'none'];
/** Of networks that correct, where motion does not explain the picture. */
const OF_CORRECTION: readonly Layer[] = ['residual', 'attention'];

const warm = new WarmWorker();
/** The shipped model that was read last, by its address. */
let kept: { readonly address: string; readonly model: Promise<Model> } | undefined;

function modelOf(input: Choice['model']): Promise<Model> {
  if (typeof input !== 'string') return readModel(input);
  if (kept?.address === input) return kept.model;
  const model = readModel(new URL(input, globalThis.location.href));
  kept = { address: input, model };
  model.catch(() => {
    kept = undefined;
  });
  return model;
}

/** Loads what every video needs, and has it compiled, while nobody has chosen one. */
export async function prime({ model: input, speed }: Pick<Choice, 'model' | 'speed'>): Promise<void> {
  const [model] = await Promise.all([modelOf(input), import('mediabunny'), loadKernels()]);
  await warm.warmUp(model, { ...pointOf(model, speed), provider: await chooseProvider() });
}

/** The operating point, where a model has some. */
function pointOf({ card }: Model, speed: Speed): { speed?: Speed } {
  const speeds = speedsOf(card);
  return speeds.length === 0 ? {} : { speed: speeds.includes(speed) ? speed : speeds[0] };
}

/** A frame, and where it lies in the file. */
export interface RunFrame {
  readonly index: number;
  readonly segmented: SegmentedFrame;
  readonly alone?: SegmentedFrame | undefined;
}

export class Session {
  private constructor(
    private readonly source: VideoSource,
    private readonly model: Model,
    private readonly opening: OpenVideoOptions,
    /** Opened to see what the video is; the first run takes it over. */
    private first: Video | undefined,
    readonly networks: ModelNetworks,
    readonly provider: Provider,
    readonly index: FrameIndex | undefined,
  ) {
    this.info = first!.info;
  }

  readonly info: Video['info'];

  /** @throws InputError for what is no video, or a model that cannot be used */
  static async open(source: VideoSource, { model: input, speed, detail }: Choice): Promise<Session> {
    const [model, pictures, index] = await Promise.all([
      modelOf(input),
      picturesOf(source),
      source.kind === 'file' ? indexOf(source.file) : undefined,
      loadKernels(),
    ]);
    const { scale, ...of } = openingFor(model.card);
    const size = await sizeOf(source);
    const whole = scale === 'auto' && size ? automaticScale(size) : 1;
    const opening = { ...of, scale: detail === 1 ? (scale ?? 1) : detail * whole };
    const video = await Video.open(pictures, opening);
    const provider = await chooseProvider();
    const options = { ...pointOf(model, speed), provider, ...sizesFor(model.card, video.info) };
    const networks = await warm.load(model, options);
    return new Session(source, model, opening, video, networks, provider, index);
  }

  get opened(): OpenedHere {
    const { info, networks, model, provider, index } = this;
    const { name, codec, duration, source, width, height } = info;
    return {
      ...{ name, codec, duration, size: source, frame: { width, height } },
      ...{ labels: networks.labelSize, classes: model.card.classes, palette: model.card.palette },
      model: { name: model.card.name, digest: model.digest },
      ...{ speeds: speedsOf(model.card), hasVectors: true },
      layers: networks.usesResidual ? LAYERS : LAYERS.filter((layer) => !OF_CORRECTION.includes(layer)),
      ...{ provider, threads: provider === 'wasm' ? threadsHere() : 1, index },
    };
  }

  /** Segments from a frame on; with `compares` each frame comes with the labels of the per-frame network, too. */
  async *run(from: number, { compares, confidence, signal }: RunOptions): AsyncGenerator<RunFrame, void> {
    const begin = this.index ? keyBefore(this.index, from) : 0;
    const video = await this.#videoFrom(begin);
    const lookahead = this.source.kind === 'live' ? 0 : undefined;
    const options = { keepScores: confidence, lookahead, signal };
    const alone =
      compares && this.source.kind === 'file'
        ? segmentVideo(await this.#videoFrom(begin, true), this.networks, { perFrame: true, signal })
        : undefined;
    try {
      for await (const segmented of segmentVideo(video, this.networks, options)) {
        const other = await alone?.next();
        const index = begin + segmented.frame.index;
        if (index < from) continue;
        yield { index, segmented, ...(other?.done === false ? { alone: other.value } : {}) };
      }
    } finally {
      await alone?.return();
      video.close();
    }
  }

  async close(): Promise<void> {
    this.first?.close();
    await this.networks.close();
  }

  async #videoFrom(frame: number, still = false): Promise<Video> {
    const first = this.first;
    if (first && frame === 0 && !still) {
      this.first = undefined;
      return first;
    }
    const from = this.index?.times[frame];
    return Video.open(await picturesOf(this.source, frame === 0 ? undefined : from), {
      ...this.opening,
      still,
    });
  }
}

async function picturesOf(source: VideoSource, from?: number): Promise<PictureSource> {
  if (source.kind === 'live') return new LivePictures(source.name, source.frames);
  return DecodedFile.open(source.file, from === undefined ? {} : { from });
}

async function indexOf(file: File): Promise<FrameIndex> {
  const opened = await openTrack(file);
  try {
    return await readFrameIndex(opened);
  } finally {
    opened.input.dispose();
  }
}

/** As the container says; the working scale depends on it. */
async function sizeOf(source: VideoSource): Promise<{ width: number; height: number } | undefined> {
  if (source.kind === 'live') return undefined;
  const { track, input } = await openTrack(source.file);
  const size = { width: await track.getCodedWidth(), height: await track.getCodedHeight() };
  input.dispose();
  return size;
}
