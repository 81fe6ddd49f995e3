/** A model's networks, opened for one frame size. */
import type { LoadedNetwork, NetworkSource } from '../model/loaded-network.js';
import type { ModelCard } from '../model/model-card.js';
import { runGraph } from '../network/inference-graph.js';
import { CONTEXT, type WarpLayer } from '../network/key-frame.js';
import { type Engine, encodeGraph } from './engine.js';
import type { FrameStream } from './frame-call.js';
import { type RunnerReply, type RunnerRequest, runFrames } from './frame-runner.js';
import { type OpenPort, portWithin } from './port.js';
import { RemoteRunner } from './remote-runner.js';

/**
 * The two networks of the paper's Fig. 4 for frames of one size, ready to run for any number of videos at a time. A
 * feature map of stride s has ceil(height / s) rows and ceil(width / s) columns. `keyFrame` and `nonKeyFrame` are those
 * of a stream of frames that the networks have of their own; whoever shares them begins one.
 */
export interface Networks extends FrameStream, AsyncDisposable {
  readonly classes: number;
  /** The card of their model, where they have one. */
  readonly card?: Pick<ModelCard, 'name' | 'classes' | 'palette'>;
  /** SHA-256 over the digests of their weights, where they are a model's: see `Model.digest`. */
  readonly digest?: string | undefined;
  /** Frame size, pixels. */
  readonly width: number;
  readonly height: number;
  /** The interior-warping layer k. */
  readonly layer: WarpLayer;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;
  /** Whether non-key frames need a residual (RGA). */
  readonly usesResidual: boolean;
  /** There is the key-frame network alone; default false. */
  readonly perFrame?: boolean;
  /** Begins a stream of frames with a context feature of its own; streams share the networks and take turns. */
  begin(): FrameStream;
  /** Ends the networks. Frames that are not done, and all calls from now on, are refused with a `TwnetError`. */
  close(): Promise<void>;
}

/** {@link Networks} of a model. */
export interface ModelNetworks extends Networks {
  readonly card: ModelCard;
  readonly perFrame: boolean;
}

export interface NetworksOptions {
  readonly width: number;
  readonly height: number;
  /** Decoder layer to warp; default 1. */
  readonly layer?: WarpLayer;
  /** Only the key-frame network is opened, and gives scores alone. */
  readonly perFrame?: boolean;
  /** Non-key frames are warped only, not corrected: see `Model.nonKeyFrame`. */
  readonly warpAlone?: boolean;
  /** Threads within an operator; default the engine's. */
  readonly threads?: number;
  /** What of the machine the engine runs them on (ONNX Runtime's execution provider); default the CPU. */
  readonly provider?: string;
}

/** What networks run on: an engine in this thread, or whoever answers at a port with `runFrames` over an engine there. */
export type Runtime = { readonly engine: Engine } | { readonly port: OpenPort<RunnerRequest, RunnerReply> };

/** Opens networks; see {@link NetworksOptions}. @throws TwnetError where the engine refuses them */
export async function openNetworks(
  source: NetworkSource,
  options: NetworksOptions,
  runtime: Runtime,
): Promise<ModelNetworks> {
  const { width, height, layer = 1, perFrame = false, warpAlone, threads, provider } = options;
  const nonKey = perFrame ? undefined : await source.nonKeyFrame(layer, warpAlone);
  const key = source.keyFrame(perFrame ? undefined : layer);
  const encoded = (network: LoadedNetwork) => encodeGraph(runGraph(network, height, width, provider));
  const runner = new RemoteRunner('port' in runtime ? runtime.port : portWithin(runFrames(runtime.engine)));
  const { card, digest } = source;
  const classes = card.classes.length;
  const opened = {
    key: encoded(key),
    ...(nonKey ? { nonKey: encoded(nonKey) } : {}),
    layout: { width, height, classes, ...(nonKey ? { context: CONTEXT[layer] } : {}) },
    engine: { threads, provider },
  };
  try {
    await runner.open(opened);
  } catch (error) {
    await runner.close();
    throw error;
  }
  const { channels: contextChannels, stride: contextStride } = CONTEXT[layer];
  const usesResidual = opened.nonKey?.inputs.has('residual') ?? false;
  const begin = (): FrameStream => runner.stream();
  const { keyFrame, nonKeyFrame } = begin();
  const close = (): Promise<void> => runner.close();
  return {
    ...{
      classes,
      card,
      digest,
      width,
      height,
      layer,
      contextChannels,
      contextStride,
      usesResidual,
      perFrame,
    },
    ...{ keyFrame, nonKeyFrame, begin, close, [Symbol.asyncDispose]: close },
  };
}
