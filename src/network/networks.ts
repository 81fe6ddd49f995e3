/** A model's networks, opened for one frame size and running in a thread of their own. */
import type { TensorData } from '../graph/session.js';
import { inferenceGraph } from './inference-graph.js';
import { InferenceThread } from './inference-thread.js';
import { CONTEXT, type WarpLayer } from './key-frame.js';
import { type LoadedNetwork, Model } from './model.js';
import type { ModelCard } from './model-card.js';

/** What a network says of one frame. */
export interface NetworkOutput {
  /** Class scores at stride 4: classes × rows × columns. */
  readonly scores: Float32Array;
  /** The context feature of the warped layer: channels × rows × columns at its stride; empty with `perFrame`. */
  readonly context: Float32Array;
  /** A_t of Eq. 6: rows × columns at the context's stride; only of non-key frames with RGA. */
  readonly attention?: Float32Array;
  /** Time inside ONNX Runtime, milliseconds. */
  readonly milliseconds: number;
}

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

/** Where networks come from: a {@link Model}, or {@link untrainedNetworks}. */
export type NetworkSource = Pick<Model, 'card' | 'keyFrame' | 'nonKeyFrame'>;

const NOTHING = new Float32Array();

export class Networks {
  readonly classes: number;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;

  private constructor(
    readonly card: ModelCard,
    readonly width: number,
    readonly height: number,
    readonly layer: WarpLayer,
    private readonly thread: InferenceThread,
  ) {
    this.classes = card.classes.length;
    this.contextChannels = CONTEXT[layer].channels;
    this.contextStride = CONTEXT[layer].stride;
  }

  static async open(model: NetworkSource, options: NetworksOptions): Promise<Networks> {
    const { width, height, layer = 1, perFrame = false, warpAlone, threads, provider } = options;
    const nonKey = perFrame ? undefined : await model.nonKeyFrame(layer, warpAlone);
    const key = model.keyFrame(perFrame ? undefined : layer);
    const thread = new InferenceThread();
    const open = ({ description, weights }: LoadedNetwork, name: string): Promise<void> =>
      thread.open(name, inferenceGraph(description, weights, height, width), { threads, provider });
    try {
      await open(key, 'key');
      if (nonKey) await open(nonKey, 'nonkey');
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new Networks(model.card, width, height, layer, thread);
  }

  /** Runs the key-frame CNN on planar 8-bit RGB pixels (3 × height × width). */
  async keyFrame(pixels: Uint8Array): Promise<NetworkOutput> {
    return this.run('key', { image: pixels });
  }

  /**
   * Runs the non-key-frame CNN. `warped`: F̂_t, shaped as the context feature; `residual`: mean absolute
   * residual, 0..255, 3 × rows × columns at the context's stride.
   */
  async nonKeyFrame(
    pixels: Uint8Array,
    warped: Float32Array,
    residual: Float32Array,
  ): Promise<NetworkOutput> {
    if (this.layer !== 3) return this.run('nonkey', { image: pixels, warped, residual });
    const output = await this.run('nonkey', { warped });
    return { ...output, context: warped };
  }

  async close(): Promise<void> {
    await this.thread.close();
  }

  private async run(network: string, feeds: Record<string, TensorData>): Promise<NetworkOutput> {
    const { outputs, milliseconds } = await this.thread.run(network, feeds);
    const { scores, context = NOTHING, attention } = outputs as Record<string, Float32Array>;
    return { scores, context, attention, milliseconds };
  }
}

/** Opens the networks of a model folder (the shipped model if none is named). */
export async function loadNetworks(
  modelFolder: string | undefined,
  options: NetworksOptions,
): Promise<Networks> {
  return Networks.open(await Model.open(modelFolder), options);
}
