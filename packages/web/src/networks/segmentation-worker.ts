/** The Web Worker that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import { type RunnerReply, type RunnerRequest, runFrames } from '@twnet/core/runtime/frame-runner';
import { runtimeFrom } from '../engine/runtime.js';
import { webEngine } from '../engine/session.js';
import { loadKernels } from '../kernels/provide.js';
import type { WorkerSetup } from './worker-port.js';

interface Scope {
  onmessage: ((event: MessageEvent<WorkerSetup | RunnerRequest>) => void) | null;
  postMessage(reply: RunnerReply, transfer?: ArrayBuffer[]): void;
}
const scope = globalThis as unknown as Scope;

const answer = runFrames(webEngine);
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  last = last.then(async () => {
    if ('kind' in data) scope.postMessage(...(await answer(data)));
    else {
      runtimeFrom(data.runtime);
      // A failure is told to whoever asks for the first frame: kernels that were not provided.
      await loadKernels(data.kernels).catch(() => undefined);
    }
  });
};
