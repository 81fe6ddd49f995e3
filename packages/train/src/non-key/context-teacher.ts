/** The fixed key-frame CNN in step 2: it starts every clip and is what L_consist compares with. */
import { sizeOf } from '@twnet/core/graph/graph';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { CONTEXT, type WarpLayer } from '@twnet/core/network/key-frame';
import { GraphSession } from '@twnet/node/engine/session';

export class ContextTeacher implements AsyncDisposable {
  private constructor(
    private readonly session: GraphSession,
    readonly shape: readonly number[],
  ) {}

  static async open(
    key: LoadedNetwork,
    layer: WarpLayer,
    size: { height: number; width: number },
    threads?: number,
  ): Promise<ContextTeacher> {
    const { context } = key.description.outputs;
    const description = { ...key.description, outputs: { context } };
    const graph = inferenceGraph(description, key.weights, size.height, size.width);
    const { channels, stride } = CONTEXT[layer];
    const shape = [1, channels, Math.ceil(size.height / stride), Math.ceil(size.width / stride)];
    return new ContextTeacher(await GraphSession.open(graph, { threads }), shape);
  }

  /** Values of one context feature. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The context feature the key-frame CNN gives a frame (planar 8-bit RGB). */
  async context(pixels: Uint8Array): Promise<Float32Array> {
    return (await this.session.run({ image: pixels })).context as Float32Array;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
