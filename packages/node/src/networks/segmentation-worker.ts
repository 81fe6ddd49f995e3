/** The thread (or process) that runs networks: ONNX Runtime blocks its caller, here nobody waits for anything else. */
import '../kernels/provide.js';
import { messageOf } from '@twnet/core/errors';
import type { FrameOutput } from '@twnet/core/runtime/frame-call';
import { serve } from '../workers/serve.js';
import { type FrameCall, FrameRunner, type OpenRequest } from './frame-runner.js';

/** What is asked; `close` is answered when nothing is left open. */
export type ThreadRequest = { readonly id: number } & (
  | OpenRequest
  | FrameCall
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'close' }
);

export interface ThreadReply {
  readonly id: number;
  /** Of a frame. */
  readonly output?: FrameOutput;
  /** The frame's pixels, given back. */
  readonly pixels?: Uint8Array<ArrayBuffer>;
  readonly error?: string;
}

let runner: FrameRunner | undefined;

async function answer({ id, ...request }: ThreadRequest): Promise<[ThreadReply, ArrayBuffer[]?]> {
  try {
    if (request.kind === 'open') runner = await FrameRunner.open(request);
    else if (request.kind === 'end') runner?.end(request.stream);
    else if (request.kind === 'close') await runner?.close();
    else return await answerFrame(id, request);
    return [{ id }];
  } catch (error) {
    return [{ id, error: messageOf(error) }];
  }
}

async function answerFrame(id: number, call: FrameCall): Promise<[ThreadReply, ArrayBuffer[]]> {
  if (!runner) throw new Error('no network is open');
  const output = await runner.run(call);
  const pixels = call.pixels as Uint8Array<ArrayBuffer>;
  const arrays = [output.labels, output.scores, output.context, output.attention, pixels];
  return [{ id, output, pixels }, arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []))];
}

serve(answer);
