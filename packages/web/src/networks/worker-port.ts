/** The core's `Port` over a Web Worker. */
import { TwnetError } from '@twnet/core/errors';
import type { RunnerReply, RunnerRequest } from '@twnet/core/runtime/frame-runner';
import type { OpenPort } from '@twnet/core/runtime/port';
import type { Provider } from '../engine/provider.js';

/** What a worker is told before anything else. */
export interface WorkerSetup {
  readonly kernels?: string | undefined;
  readonly runtime?: string | undefined;
  /** ONNX Runtime's build for this is loaded at once. */
  readonly prime?: Provider | undefined;
}

/** @param start makes the worker, so that whoever bundles it sees its address */
export function workerPort(start: () => Worker, setup: WorkerSetup): OpenPort<RunnerRequest, RunnerReply> {
  return ({ onReply, onEnd }) => {
    const worker = start();
    worker.onmessage = ({ data }: MessageEvent<RunnerReply>) => onReply(data);
    worker.onerror = ({ message }) =>
      onEnd(new TwnetError(`the worker of the networks failed: ${message || 'its script cannot be loaded'}`));
    worker.postMessage(setup);
    return {
      ask: (request, transfer = []) => worker.postMessage(request, transfer),
      hold: () => undefined,
      end: async () => worker.terminate(),
    };
  };
}
