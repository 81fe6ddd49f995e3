/** The thread that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import { parentPort } from 'node:worker_threads';
import type { ElementType, Shape } from '../graph/graph.js';
import { GraphSession, type SessionOptions, type TensorData } from '../graph/session.js';

/** What a graph runs on. */
export type InferenceEngine = Pick<SessionOptions, 'threads' | 'provider'>;

export type InferenceRequest =
  | {
      readonly id: number;
      readonly kind: 'open';
      readonly network: string;
      readonly model: Uint8Array;
      readonly inputs: ReadonlyMap<string, { shape: Shape; type: ElementType }>;
      readonly options: InferenceEngine;
    }
  | {
      readonly id: number;
      readonly kind: 'run';
      readonly network: string;
      readonly feeds: Record<string, TensorData>;
    };

export interface InferenceReply {
  readonly id: number;
  readonly outputs?: Record<string, TensorData>;
  readonly error?: string;
  /** Time in ONNX Runtime, milliseconds. */
  readonly milliseconds: number;
}

const port = parentPort;
const sessions = new Map<string, GraphSession>();

async function answer(request: InferenceRequest): Promise<Record<string, TensorData>> {
  if (request.kind === 'open') {
    const { network, model, inputs, options } = request;
    sessions.set(network, await GraphSession.openModel(model, inputs, options));
    return {};
  }
  const session = sessions.get(request.network);
  if (!session) throw new Error(`network ${request.network} is not open`);
  return session.run(request.feeds);
}

port?.on('message', async (request: InferenceRequest) => {
  const start = performance.now();
  const { id } = request;
  try {
    const outputs = await answer(request);
    // ONNX Runtime owns its outputs' memory: what is handed over is a copy.
    const owned = Object.fromEntries(Object.entries(outputs).map(([name, data]) => [name, data.slice()]));
    const reply: InferenceReply = { id, outputs: owned, milliseconds: performance.now() - start };
    port.postMessage(
      reply,
      Object.values(owned).map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({
      id,
      error: message,
      milliseconds: performance.now() - start,
    } satisfies InferenceReply);
  }
});
