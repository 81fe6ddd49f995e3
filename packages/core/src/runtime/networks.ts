/** A model's networks, opened for frames of one size. */
import type { LoadedNetwork, NetworkSource } from '../model/loaded-network.js';
import type { ModelCard } from '../model/model-card.js';
import { isAccumulated, isBidirectional, keyInterval, operatingPoint } from '../model/operating-points.js';
import { gigaMacs } from '../network/cost.js';
import { runGraph } from '../network/inference-graph.js';
import { CONTEXT, type WarpLayer } from '../network/key-frame.js';
import type { OperatingPoint, Speed } from '../network/operating-point.js';
import { type EncodedGraph, type Engine, encodeGraph } from './engine.js';
import type { FrameStream, PictureSize } from './frame-call.js';
import { type RunnerReply, type RunnerRequest, runFrames } from './frame-runner.js';
import { frameSizes } from './frame-sizes.js';
import { keyGraphs } from './key-graphs.js';
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
  /** Frame size, pixels: of what non-key frames see, of motion and residuals. */
  readonly width: number;
  readonly height: number;
  /** Of the pictures that the key-frame network is given; default the frames'. */
  readonly keySize?: PictureSize;
  /** Of labels; default the frames'. */
  readonly labelSize?: PictureSize;
  /** The decoder layer k that is warped, of lateral networks. */
  readonly layer?: WarpLayer;
  /** The operating point, of a segmenter's networks. */
  readonly speed?: Speed;
  readonly contextChannels: number;
  /** Pixels of a frame that a cell of the context feature stands for. */
  readonly contextStride: 4 | 8 | 16;
  /** Whether non-key frames need a residual (RGA). */
  readonly usesResidual: boolean;
  /** Features are warped once from the key frame, along accumulated vectors; default from frame to frame. */
  readonly accumulated?: boolean;
  /** Frames between two key frames are warped from both; default from the one before alone. */
  readonly bidirectional?: boolean;
  /** A key frame at least every so many frames; default: whatever the rule says. */
  readonly keyInterval?: number;
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
  readonly keySize: PictureSize;
  readonly labelSize: PictureSize;
}

export interface NetworksOptions {
  /** Frame size, pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * Of the pictures that a segmenter's key frames come with, where those are not the frames: frames have half of its
   * sides then, rounded up; or the frames' own size, which per-frame networks may be given. Default: key frames come as
   * frames do, and are enlarged to twice their sides before the network sees them. Lateral networks see frames alone.
   */
  readonly keySize?: PictureSize;
  /**
   * Of a segmenter's labels: the key picture's, or half of it (rounded up). Default: that of the pictures that key frames
   * come with.
   */
  readonly labelSize?: PictureSize;
  /** Decoder layer to warp, of a lateral model; default 1. */
  readonly layer?: WarpLayer;
  /** Operating point, of a segmenter; default 'accurate'. */
  readonly speed?: Speed;
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

/**
 * Opens networks; see {@link NetworksOptions}.
 *
 * @throws InputError for a layer or speed that the model does not have; RangeError for sizes that do not go together;
 *   TwnetError where the engine refuses them
 */
export async function openNetworks(
  source: NetworkSource,
  options: NetworksOptions,
  runtime: Runtime,
): Promise<ModelNetworks> {
  const { width, height, perFrame = false, warpAlone, threads, provider } = options;
  const { card, digest } = source;
  const point = operatingPoint(card, options);
  const sizes = frameSizes(card, options);
  const key = keyGraphs(source, perFrame ? undefined : point, sizes, provider);
  const nonKey = perFrame ? undefined : await source.nonKeyFrame(point, warpAlone);
  const context = nonKey && sizes.contextOf(nonKey.description, key.keepsScores);
  const { width: across, height: down } = sizes.graph;
  const bidirectional = !perFrame && isBidirectional(card, point);
  const isLight = nonKey !== undefined && gigaMacs(nonKey.description, down, across) < LIGHT * key.gigaMacs;
  const warps = nonKey !== undefined && onlyWarps(nonKey);
  // Where little but decoding and motion happens between key frames, those go on beside key frames, too. Beside somebody
  // else's heavy network they are too little to leave it a core less.
  const isRare = warps && keyInterval(card, point) === undefined && !card.imported;
  const encoded = (network: LoadedNetwork): EncodedGraph =>
    encodeGraph(runGraph(network, down, across, provider));
  const opened = {
    key: key.graphs,
    ...(nonKey ? { nonKey: warps ? ('warp' as const) : encoded(nonKey) } : {}),
    layout: {
      ...sizes.scores,
      classes: card.classes.length,
      ...(context ? { context: { ...context, bidirectional } } : {}),
    },
    engine: { threads, provider, ...(isRare ? { spareCores: 1 } : {}) },
    nonKeyEngine: { threads, provider, ...(isLight ? { spareCores: 1 } : {}) },
  };
  const runner = new RemoteRunner('port' in runtime ? runtime.port : portWithin(runFrames(runtime.engine)));
  try {
    await runner.open(opened);
  } catch (error) {
    await runner.close();
    throw error;
  }
  const shape = context ?? (typeof point === 'number' ? CONTEXT[point] : { channels: 0, stride: 4 });
  const begin = (): FrameStream => runner.stream();
  const close = (): Promise<void> => runner.close();
  const { keyFrame, nonKeyFrame, takeOver } = begin();
  return {
    ...{ classes: card.classes.length, card, digest, width, height, perFrame },
    ...{ keySize: sizes.given, labelSize: sizes.labels, ...pointFields(point) },
    contextChannels: shape.channels,
    contextStride: shape.stride,
    usesResidual: typeof opened.nonKey === 'object' && opened.nonKey.inputs.has('residual'),
    accumulated: !perFrame && isAccumulated(card, point),
    bidirectional,
    ...(perFrame ? {} : { keyInterval: keyInterval(card, point) }),
    ...{ keyFrame, nonKeyFrame, takeOver, begin, close, [Symbol.asyncDispose]: close },
  };
}

/**
 * Non-key networks of less than this share of a key frame's cost are not what a frame waits for: decoding and motion, which
 * go on beside them, take as long. With a thread on every core they get in each other's way (measured on 2 cores: 20 % more).
 */
const LIGHT = 1 / 5;

/** A network that gives what it is given: scores that were warped and nothing more. */
const onlyWarps = ({ description: { outputs } }: LoadedNetwork): boolean => outputs.scores === 'warped';

const pointFields = (point: OperatingPoint): { layer?: WarpLayer; speed?: Speed } =>
  typeof point === 'number' ? { layer: point } : { speed: point };
