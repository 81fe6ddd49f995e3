/** ONNX Runtime, loaded when it is first needed, with its telemetry off. All of twnet gets it from here. */
import { isMainThread } from 'node:worker_threads';
import { telemetryOff } from './telemetry.js';

let loaded: Promise<typeof import('onnxruntime-node')> | undefined;

// Threads that are started from now on have it in their copy of the environment.
if (isMainThread) telemetryOff();

/** @throws TwnetError where its telemetry cannot be turned off: see {@link telemetryOff} */
export async function onnxRuntime(): Promise<typeof import('onnxruntime-node')> {
  telemetryOff();
  loaded ??= import('onnxruntime-node');
  return loaded;
}
