/** The thread that takes motion out of files: FFmpeg is called synchronously there, which saves a hop a call. */
import { serve } from '../workers/serve.js';
import { Extraction, type ExtractionOptions, type MotionSummary } from './extraction.js';
import type { MotionTarget } from './motion-sink.js';
import { type SentError, sentError } from './sent-error.js';

export type ExtractionRequest =
  | {
      readonly kind: 'open';
      readonly source: string;
      readonly target: MotionTarget;
      readonly options: ExtractionOptions;
    }
  | { readonly kind: 'advance' }
  | { readonly kind: 'finish' };

/** How far it is. */
export interface ExtractionProgress {
  readonly frames: number;
  /** Frames to expect, where that is known. */
  readonly total: number | undefined;
  readonly notes: readonly string[];
}

export interface ExtractionReply {
  readonly progress?: ExtractionProgress;
  readonly more?: boolean;
  readonly summary?: MotionSummary;
  readonly error?: SentError;
}

/** Milliseconds of work between two replies: a process that exits waits for no more. */
const SLICE = 100;

let extraction: Extraction | undefined;

async function answer(request: ExtractionRequest): Promise<[ExtractionReply]> {
  try {
    return [await replyTo(request)];
  } catch (error) {
    await close();
    return [{ error: sentError(error) }];
  }
}

async function replyTo(request: ExtractionRequest): Promise<ExtractionReply> {
  if (request.kind === 'open')
    extraction = await Extraction.open(request.source, request.target, request.options);
  if (!extraction) throw new Error('no video is open');
  if (request.kind !== 'finish') {
    const more = request.kind === 'open' || (await extraction.advance(SLICE));
    const { info, notes } = extraction.video;
    return { more, progress: { frames: extraction.count, total: info.frameCountEstimate, notes } };
  }
  const summary = await extraction.finish();
  await close();
  return { summary };
}

async function close(): Promise<void> {
  const old = extraction;
  extraction = undefined;
  await old?.[Symbol.asyncDispose]();
}

serve(answer);
