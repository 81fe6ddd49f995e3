/** Runs frames of any number of streams through the networks, one after the other. */

import type { FeatureMotion, FrameLayout, FrameOutput, FrameRequest } from '@twnet/core/runtime/frame-call';
import { FrameMemory, type StreamMemory } from '@twnet/core/runtime/frame-memory';
import { type EncodedGraph, GraphSession, type SessionOptions, type TensorData } from '../engine/session.js';

/** What a graph runs on. */
export type InferenceEngine = Pick<SessionOptions, 'threads' | 'provider'>;

export interface OpenRequest {
  readonly kind: 'open';
  readonly key: EncodedGraph;
  /** None of the per-frame model. */
  readonly nonKey?: EncodedGraph;
  readonly layout: FrameLayout;
  readonly engine: InferenceEngine;
}

/** A frame of the stream of that number; streams begin with their first frame. */
export type FrameCall = { readonly stream: number; readonly request: FrameRequest } & (
  | { readonly kind: 'key'; readonly pixels: Uint8Array }
  | {
      readonly kind: 'nonKey';
      readonly pixels: Uint8Array;
      readonly field: FeatureMotion;
      readonly residual?: Float32Array;
    }
);

interface Stream extends StreamMemory {
  /** Networks whose scores have been looked at. */
  readonly checked: Set<FrameCall['kind']>;
}

export class FrameRunner {
  private readonly streams = new Map<number, Stream>();

  private constructor(
    readonly memory: FrameMemory,
    readonly key: GraphSession,
    readonly nonKey: GraphSession | undefined,
  ) {}

  static async open({ key, nonKey, layout, engine }: OpenRequest): Promise<FrameRunner> {
    return new FrameRunner(
      new FrameMemory(layout),
      await GraphSession.openEncoded(key, engine),
      nonKey && (await GraphSession.openEncoded(nonKey, engine)),
    );
  }

  async run(call: FrameCall): Promise<FrameOutput> {
    const { memory } = this;
    const { keep, scores: scoresToo, context: contextToo } = call.request;
    const begun = performance.now();
    const stream = this.stream(call.stream);
    const session = call.kind === 'key' ? this.key : this.nonKey;
    if (!session) throw new Error('the per-frame model has no non-key-frame network');
    if (keep) memory.makeRoom(stream);
    const feeds: Record<string, TensorData> = { image: call.pixels };
    if (call.kind === 'nonKey') {
      feeds.warped = memory.warp(stream, call.field);
      if (call.residual) feeds.residual = call.residual;
    }
    const warped = performance.now();
    const { scores, made } = memory;
    const results = await session.run(feeds, { scores, context: made });
    const computed = performance.now();
    checkScores(scores, call.kind, stream);
    // Layer 3 hands on what was warped.
    const context = results.context ? made : feeds.warped;
    if (keep) memory.keep(stream, results.context ? 'made' : 'warped');
    const labels = memory.labels();
    return {
      labels,
      ...(scoresToo ? { scores: scores.slice() } : {}),
      ...(contextToo && context ? { context: context.slice() as Float32Array } : {}),
      // ONNX Runtime owns the memory of other outputs: what is handed over is a copy.
      ...(results.attention ? { attention: results.attention.slice() as Float32Array } : {}),
      milliseconds: {
        motion: warped - begun,
        network: computed - warped,
        labels: performance.now() - computed,
      },
    };
  }

  /** Forgets a stream; its memory serves another one. */
  end(number: number): void {
    const stream = this.streams.get(number);
    if (stream) this.memory.end(stream);
    this.streams.delete(number);
  }

  async close(): Promise<void> {
    await this.key.close();
    await this.nonKey?.close();
  }

  private stream(number: number): Stream {
    const known = this.streams.get(number);
    if (known) return known;
    const begun: Stream = { region: undefined, holds: false, checked: new Set() };
    this.streams.set(number, begun);
    return begun;
  }
}

/** Once a stream and network: weights that were damaged without a digest to tell may still be numbers. */
function checkScores(scores: Float32Array, kind: FrameCall['kind'], { checked }: Stream): void {
  if (checked.has(kind)) return;
  checked.add(kind);
  for (const score of scores) {
    if (!Number.isFinite(score)) throw new Error(`its scores hold ${score}: its weights are damaged`);
  }
}
