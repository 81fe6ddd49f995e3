/** The fixed key-frame network in step 2 of an operating point: it starts every clip and says what frames should have given. */
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import type { Propagated } from '@twnet/core/network/propagated-frame';
import { GraphSession } from '@twnet/node/engine/session';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the key-frame network makes of a picture. */
export interface KeyPass {
  /** What is propagated. */
  readonly context: Float32Array;
  readonly scores: Float32Array;
}

export class PointTeacher implements AsyncDisposable {
  private constructor(private readonly session: GraphSession) {}

  /** @param key the segmenter with all its outputs */
  static async open(
    { description, weights }: LoadedNetwork,
    propagated: Propagated,
    { width, height }: Size,
    threads?: number,
  ): Promise<PointTeacher> {
    const { scores, refined } = description.outputs;
    const outputs: Record<string, string> =
      propagated === 'scores' ? { scores } : { scores, context: refined };
    const graph = inferenceGraph({ ...description, outputs }, weights, height, width, { keepBlocked: true });
    return new PointTeacher(await GraphSession.open(graph, { threads }));
  }

  /** @param pixels planar 8-bit RGB of the key frame's size */
  async pass(pixels: Uint8Array): Promise<KeyPass> {
    const { scores, context = scores } = await this.session.run({ image: pixels });
    return { scores: scores as Float32Array, context: context as Float32Array };
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
