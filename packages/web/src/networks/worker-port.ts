/** The core's `Port` over a Web Worker. */
import { TwnetError } from '@twnet/core/errors';
import type { RunnerReply, RunnerRequest } from '@twnet/core/runtime/frame-runner';
import type { OpenPort } from '@twnet/core/runtime/port';

/** What a worker is told before anything else. */
export interface WorkerSetup {
  readonly kernels?: string | undefined;
  readonly runtime?: string | undefined;
}

/** @param onEnded takes the worker over, which has closed all that it was asked to open; one that failed is terminated */
export function workerPort(
  worker: Worker,
  setup: WorkerSetup,
  onEnded: () => void,
): OpenPort<RunnerRequest, RunnerReply> {
  return ({ onReply, onEnd }) => {
    let hasFailed = false;
    worker.onmessage = ({ data }: MessageEvent<RunnerReply>) => onReply(data);
    worker.onerror = ({ message }) => {
      hasFailed = true;
      onEnd(new TwnetError(`the worker of the networks failed: ${message || 'its script cannot be loaded'}`));
    };
    worker.postMessage(setup);
    return {
      ask: (request, transfer = []) => worker.postMessage(request, transfer),
      hold: () => undefined,
      end: async () => (hasFailed ? worker.terminate() : onEnded()),
    };
  };
}
