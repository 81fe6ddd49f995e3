import { isMainThread } from 'node:worker_threads';
import { TwnetError } from '@twnet/core/errors';

const VARIABLE = 'ORT_DISABLE_TELEMETRY';

/**
 * Keeps ONNX Runtime from writing a device id and events to the user's cache folder and from sending them. It looks at
 * the process's environment when the first session is opened, in whichever thread. Worker threads have only a copy of
 * that environment, made when they start.
 *
 * @throws TwnetError in a worker thread of a process that has not turned telemetry off
 */
export function telemetryOff(): void {
  if (isMainThread) process.env[VARIABLE] = '1';
  else if (process.env[VARIABLE] !== '1') {
    throw new TwnetError(
      `ONNX Runtime would report to its makers from this worker thread: start the process with ${VARIABLE}=1, or import twnet in its main thread before the worker is started`,
    );
  }
}

// Threads that are started from now on have it in their copy of the environment.
if (isMainThread) telemetryOff();
