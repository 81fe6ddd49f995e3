/** The thread (or process) that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import '../kernels/provide.js';
import { runFrames } from '@twnet/core/runtime/frame-runner';
import { onnxRuntime } from '../engine/runtime.js';
import { onnxEngine } from '../engine/session.js';
import { serve } from '../workers/serve.js';

// Whoever started this will ask for it; where it cannot be loaded, that says so.
onnxRuntime().catch(() => undefined);
serve(runFrames(onnxEngine));
