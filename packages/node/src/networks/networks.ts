/** A model's networks, opened for one frame size and running in a thread of their own. */
import '../kernels/provide.js';
import { availableParallelism } from 'node:os';
import type { LoadedNetwork, NetworkSource } from '@twnet/core/model/loaded-network';
import type { ModelCard } from '@twnet/core/model/model-card';
import { runGraph } from '@twnet/core/network/inference-graph';
import { CONTEXT, type WarpLayer } from '@twnet/core/network/key-frame';
import type { FeatureMotion, FrameOutput, FrameRequest, FrameStream } from '@twnet/core/runtime/frame-call';
import { encodeGraph } from '../engine/session.js';
import { Model } from '../model/model.js';
import { checkCount, checkFolder, checkNetworksOptions, checkSource } from '../model/networks-options.js';
import { SegmentationThread } from './segmentation-thread.js';

export interface NetworksOptions {
  readonly width: number;
  readonly height: number;
  /** Decoder layer to warp; default 1. */
  readonly layer?: WarpLayer;
  /** Only the key-frame network is opened, and gives scores alone. */
  readonly perFrame?: boolean;
  /** Non-key frames are warped only, not corrected: see {@link Model.nonKeyFrame}. */
  readonly warpAlone?: boolean;
  /** Threads within an operator; default ONNX Runtime's. */
  readonly threads?: number;
  /** ONNX Runtime's execution provider; default the CPU. */
  readonly provider?: string;
}

/** A model's networks, ready to run, for any number of streams of frames at a time. */
export class Networks implements AsyncDisposable {
  readonly classes: number;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;
  private readonly own: FrameStream;

  private constructor(
    readonly card: ModelCard,
    /** Identifies the model's weights: see {@link Model.digest}. */
    readonly digest: string | undefined,
    readonly width: number,
    readonly height: number,
    readonly layer: WarpLayer,
    /** Whether non-key frames need a residual (RGA). */
    readonly usesResidual: boolean,
    /** There is the key-frame network alone. */
    readonly perFrame: boolean,
    private readonly thread: SegmentationThread,
  ) {
    this.own = this.begin();
    this.classes = card.classes.length;
    this.contextChannels = CONTEXT[layer].channels;
    this.contextStride = CONTEXT[layer].stride;
  }

  static async open(model: NetworkSource, options: NetworksOptions): Promise<Networks> {
    const { width, height, layer = 1, perFrame = false, warpAlone, threads, provider } = options;
    const nonKey = perFrame ? undefined : await model.nonKeyFrame(layer, warpAlone);
    const key = model.keyFrame(perFrame ? undefined : layer);
    const encoded = (network: LoadedNetwork) => encodeGraph(runGraph(network, height, width, provider));
    const thread = new SegmentationThread();
    const opened = {
      key: encoded(key),
      ...(nonKey ? { nonKey: encoded(nonKey) } : {}),
      layout: {
        width,
        height,
        classes: model.card.classes.length,
        ...(nonKey ? { context: CONTEXT[layer] } : {}),
      },
      engine: { threads, provider },
    };
    try {
      await thread.open(opened);
    } catch (error) {
      await thread.close();
      throw error;
    }
    const usesResidual = opened.nonKey?.inputs.has('residual') ?? false;
    return new Networks(model.card, model.digest, width, height, layer, usesResidual, perFrame, thread);
  }

  /** Begins a stream of frames with a context feature of its own. Streams share the sessions and take turns. */
  begin(): FrameStream {
    const { thread } = this;
    const stream = thread.begin();
    return {
      keyFrame: async (pixels, request = {}) => thread.frame({ kind: 'key', stream, pixels, request }),
      nonKeyFrame: async (pixels, { rows, columns, stride, dx, dy }, residual, request = {}) => {
        const field = { rows, columns, stride, dx, dy };
        return thread.frame({ kind: 'nonKey', stream, pixels, field, residual, request });
      },
      close: () => thread.end(stream),
    };
  }

  /** {@link FrameStream.keyFrame} of a stream that the networks have for callers who need but one. */
  keyFrame(pixels: Uint8Array, request?: FrameRequest): Promise<FrameOutput> {
    return this.own.keyFrame(pixels, request);
  }

  /** {@link FrameStream.nonKeyFrame} of the same. */
  nonKeyFrame(
    pixels: Uint8Array,
    field: FeatureMotion,
    residual: Float32Array | undefined,
    request?: FrameRequest,
  ): Promise<FrameOutput> {
    return this.own.nonKeyFrame(pixels, field, residual, request);
  }

  /** Ends the thread. Frames that it has not done, and all calls from now on, are refused with a {@link TwnetError}. */
  async close(): Promise<void> {
    await this.thread.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Opens the networks of a model folder (the shipped model if none is named).
 *
 * @throws InputError for options that make no sense, and for a model that cannot be used
 */
export async function loadNetworks(
  modelFolder: string | undefined,
  options: NetworksOptions,
): Promise<Networks> {
  checkFolder('loadNetworks', modelFolder);
  checkNetworksOptions('loadNetworks', options);
  return Networks.open(await Model.open(modelFolder), options);
}

/**
 * Opens the networks of a model `parallel` times, for as many groups of pictures at a time (see `segmentVideo`). The
 * threads, by default one for each of the machine's cores, are shared out among them.
 *
 * @throws InputError for options that make no sense
 */
export async function openParallel(
  model: NetworkSource,
  parallel: number,
  options: NetworksOptions,
): Promise<Networks[]> {
  checkSource('openParallel', model);
  checkNetworksOptions('openParallel', options);
  checkCount('openParallel', 'parallel', parallel);
  const all = options.threads ?? availableParallelism();
  const threads = parallel === 1 ? options.threads : Math.max(1, Math.floor(all / parallel));
  const opened: Networks[] = [];
  try {
    for (let i = 0; i < parallel; i++) opened.push(await Networks.open(model, { ...options, threads }));
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

export async function closeAll(networks: readonly Networks[]): Promise<void> {
  await Promise.all(networks.map((one) => one.close()));
}
