/** The thread that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import { parentPort } from 'node:worker_threads';
import { type EncodedGraph, GraphSession, type SessionOptions, type TensorData } from '../graph/session.js';
import type { FeatureMotion, FrameLayout, FrameOutput, FrameRequest } from './frame-call.js';
import { FrameMemory } from './frame-memory.js';

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

export type FrameCall =
  | { readonly kind: 'key'; readonly pixels: Uint8Array; readonly request: FrameRequest }
  | {
      readonly kind: 'nonKey';
      readonly pixels: Uint8Array;
      readonly field: FeatureMotion;
      readonly residual?: Float32Array;
      readonly request: FrameRequest;
    };

export type ThreadRequest = (OpenRequest | FrameCall) & { readonly id: number };

export interface ThreadReply {
  readonly id: number;
  /** Of a frame. */
  readonly output?: FrameOutput;
  /** The frame's pixels, given back. */
  readonly pixels?: Uint8Array<ArrayBuffer>;
  readonly error?: string;
}

const port = parentPort;

class FrameRunner {
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
    const feeds: Record<string, TensorData> = { image: call.pixels };
    if (call.kind === 'nonKey') {
      feeds.warped = memory.warp(call.field);
      if (call.residual) feeds.residual = call.residual;
    }
    const warped = performance.now();
    const session = call.kind === 'key' ? this.key : this.nonKey;
    if (!session) throw new Error('the per-frame model has no non-key-frame network');
    const { scores, made } = memory;
    const results = await session.run(feeds, { scores, context: made });
    const computed = performance.now();
    // Layer 3 hands on what was warped.
    const context = results.context ? made : feeds.warped;
    if (keep) memory.keep(results.context ? 'made' : 'warped');
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
}

let runner: FrameRunner | undefined;
/** Requests are answered one after the other: frames follow on one another. */
let last: Promise<void> = Promise.resolve();

async function answer({ id, ...request }: ThreadRequest): Promise<void> {
  try {
    if (request.kind === 'open') {
      runner = await FrameRunner.open(request as OpenRequest);
      port!.postMessage({ id } satisfies ThreadReply);
      return;
    }
    if (!runner) throw new Error('no network is open');
    const call = request as FrameCall;
    const output = await runner.run(call);
    const pixels = call.pixels as Uint8Array<ArrayBuffer>;
    const arrays = [output.labels, output.scores, output.context, output.attention, pixels];
    port!.postMessage(
      { id, output, pixels } satisfies ThreadReply,
      arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : [])),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port!.postMessage({ id, error: message } satisfies ThreadReply);
  }
}

port?.on('message', (request: ThreadRequest) => {
  last = last.then(() => answer(request));
});
