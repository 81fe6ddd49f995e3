/** ONNX Runtime, loaded when it is first needed, with its telemetry off. All of twnet gets it from here. */
import { telemetryOff } from './telemetry.js';

let loaded: Promise<typeof import('onnxruntime-node')> | undefined;

/** @throws TwnetError where its telemetry cannot be turned off: see {@link telemetryOff} */
export async function onnxRuntime(): Promise<typeof import('onnxruntime-node')> {
  telemetryOff();
  loaded ??= import('onnxruntime-node');
  return loaded;
}
