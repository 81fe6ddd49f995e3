/** The thread (or process) that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import '../kernels/provide.js';
import { runFrames } from '@twnet/core/runtime/frame-runner';
import { onnxEngine } from '../engine/session.js';
import { serve } from '../workers/serve.js';

serve(runFrames(onnxEngine));
