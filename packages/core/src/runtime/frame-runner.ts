/** Runs frames of any number of streams through the networks, one after the other: the far side of a port. */

import { messageOf } from '../errors.js';
import type { MotionField } from '../motion/field.js';
import type { EncodedGraph, Engine, EngineOptions, OpenGraph, TensorData } from './engine.js';
import type { FrameLayout, FrameRequest, FrameResult, NonKeyRequest } from './frame-call.js';
import { type Feature, FrameMemory, type StreamMemory } from './frame-memory.js';
import { openChain } from './graph-chain.js';
import type { Answer } from './port.js';

export interface OpenRequest {
  readonly kind: 'open';
  /** Graphs that run one after the other. */
  readonly key: readonly EncodedGraph[];
  /** None of the per-frame network; 'warp': the warped scores are the frame's, and nothing runs. */
  readonly nonKey?: EncodedGraph | 'warp';
  readonly layout: FrameLayout;
  readonly engine: EngineOptions;
  /** Of the non-key network; default as the key-frame network's. */
  readonly nonKeyEngine?: EngineOptions;
}

/** A frame of the stream of that number; streams begin with their first frame. */
export type FrameCall = { readonly stream: number } & (
  | { readonly kind: 'key'; readonly request: FrameRequest; readonly pixels: Uint8Array }
  | {
      readonly kind: 'nonKey';
      readonly request: NonKeyRequest;
      readonly pixels: Uint8Array;
      readonly field: Omit<MotionField, 'coverage'>;
      readonly residual?: Float32Array;
    }
);

/** What is asked; `close` is answered when nothing is left open. */
export type RunnerRequest = { readonly id: number } & (
  | OpenRequest
  | FrameCall
  | { readonly kind: 'takeOver'; readonly stream: number; readonly context: Float32Array }
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'close' }
);

export interface RunnerReply {
  readonly id: number;
  /** Of a frame. */
  readonly result?: FrameResult;
  /** The frame's pixels, given back. */
  readonly pixels?: Uint8Array<ArrayBuffer>;
  readonly error?: string;
}

/** Answers with what networks give that `engine` runs. */
export function runFrames(engine: Engine): Answer<RunnerRequest, RunnerReply> {
  let runner: FrameRunner | undefined;
  const frame = async (id: number, call: FrameCall): Promise<[RunnerReply, ArrayBuffer[]]> => {
    if (!runner) throw new Error('no network is open');
    const result = await runner.run(call);
    const pixels = call.pixels as Uint8Array<ArrayBuffer>;
    const arrays = [result.labels, result.scores, result.context, result.attention, pixels];
    return [{ id, result, pixels }, arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []))];
  };
  return async ({ id, ...request }) => {
    try {
      if (request.kind === 'open') runner = await FrameRunner.open(engine, request);
      else if (request.kind === 'takeOver') runner?.takeOver(request.stream, request.context);
      else if (request.kind === 'end') runner?.end(request.stream);
      else if (request.kind === 'close') await runner?.close();
      else return await frame(id, request);
      return [{ id }];
    } catch (error) {
      return [{ id, error: messageOf(error) }];
    }
  };
}

interface Stream extends StreamMemory {
  /** Networks whose scores have been looked at. */
  readonly checked: Set<FrameCall['kind']>;
}

class FrameRunner {
  private readonly streams = new Map<number, Stream>();

  private constructor(
    readonly memory: FrameMemory,
    readonly key: OpenGraph,
    readonly nonKey: OpenGraph | 'warp' | undefined,
  ) {}

  static async open(
    engine: Engine,
    { key, nonKey, layout, engine: options, nonKeyEngine = options }: OpenRequest,
  ): Promise<FrameRunner> {
    return new FrameRunner(
      new FrameMemory(layout),
      await openChain(engine, key, options),
      typeof nonKey === 'object' ? await engine.open(nonKey, nonKeyEngine) : nonKey,
    );
  }

  async run(call: FrameCall): Promise<FrameResult> {
    const { memory } = this;
    const { keep, retain, scores: scoresToo, context: contextToo } = call.request;
    const begun = performance.now();
    const stream = this.stream(call.stream);
    const graph = call.kind === 'key' ? this.key : this.nonKey;
    if (!graph) throw new Error('the per-frame model has no non-key-frame network');
    if (keep) memory.makeRoom(stream);
    const feeds: Record<string, TensorData> = { image: call.pixels };
    if (call.kind === 'nonKey') {
      const { between } = call.request;
      feeds.warped = memory.warp(stream, call.field, between ? 'retained' : 'last');
      if (between?.following) feeds.warped = memory.mix(stream, between.following);
      if (call.residual) feeds.residual = call.residual;
    }
    const warped = performance.now();
    const { isScores } = memory.layout.context ?? {};
    const into = { scores: memory.scores(), ...(isScores ? {} : { context: memory.made }) };
    const outputs: Record<string, TensorData> = graph === 'warp' ? {} : await graph.run(feeds, into);
    const computed = performance.now();
    // Where nothing corrects it, what was warped is what is handed on.
    const feature: Feature = (isScores ? outputs.scores : outputs.context) ? 'made' : 'warped';
    const scores = memory.scores(feature);
    checkScores(scores, call.kind, stream);
    // Where a network of somebody else's sees finer than its scores are kept, its labels are its own.
    const labels = outputs.labels
      ? (outputs.labels.slice() as Uint8Array<ArrayBuffer>)
      : memory.labels(feature);
    const context = feature === 'made' ? memory.made : feeds.warped;
    const result = {
      labels,
      ...(scoresToo ? { scores: scores.slice() } : {}),
      ...(contextToo && context?.length ? { context: context.slice() as Float32Array } : {}),
      // The engine owns the memory of other outputs: what is handed over is a copy.
      ...(outputs.attention ? { attention: outputs.attention.slice() as Float32Array } : {}),
      milliseconds: {
        motion: warped - begun,
        network: computed - warped,
        labels: performance.now() - computed,
      },
    };
    if (keep) memory.keep(stream, feature, retain);
    return result;
  }

  takeOver(number: number, context: Float32Array): void {
    const { memory } = this;
    const stream = this.stream(number);
    memory.makeRoom(stream);
    memory.takeOver(context);
    memory.keep(stream, 'made', true);
  }

  /** Forgets a stream; its memory serves another one. */
  end(number: number): void {
    const stream = this.streams.get(number);
    if (stream) this.memory.end(stream);
    this.streams.delete(number);
  }

  async close(): Promise<void> {
    await this.key.close();
    if (typeof this.nonKey === 'object') await this.nonKey.close();
  }

  private stream(number: number): Stream {
    const known = this.streams.get(number);
    if (known) return known;
    const begun: Stream = { last: undefined, retained: undefined, rooms: [], checked: new Set() };
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
