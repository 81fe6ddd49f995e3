/** Who reads inputs: files a thread each, what may have to be waited for (pipes, addresses) this one. */
import { statSync } from 'node:fs';
import type { ExtractionOptions, MotionSummary } from '@twnet/node/extract/extraction';
import { ExtractionThread } from '@twnet/node/extract/extraction-thread';
import type { ExtractionProgress } from '@twnet/node/extract/extraction-worker';
import { MotionFiles } from '@twnet/node/extract/motion-files';
import type { MotionFlags } from '../commands/motion.js';
import { sourceOptions } from '../source-options.js';
import { type Stop, unlessStopped } from '../stop-on-signal.js';
import type { MotionJob } from './plan.js';

export type OnProgress = (progress: ExtractionProgress) => void;

/** Milliseconds between two reports of progress. */
const SLICE = 100;

export class Extractors implements AsyncDisposable {
  readonly #idle: ExtractionThread[] = [];
  readonly #options: ExtractionOptions;

  constructor(
    private readonly flags: MotionFlags,
    private readonly stop: Stop,
  ) {
    const { motion: motionSource, dense, residual, stride } = flags;
    this.#options = { ...sourceOptions(flags), motionSource, dense, residual, stride };
  }

  /** @throws InputError, OutputError; nothing is left then */
  async run({ input, output, format }: MotionJob, onProgress: OnProgress): Promise<MotionSummary> {
    using files = new MotionFiles(output, format);
    const here = files.target.isStream || this.flags.allowPlaylists || !isFile(input);
    const summary = await (here
      ? this.#here(input, files, onProgress)
      : this.#inThread(input, files, onProgress));
    const { I, P, B } = summary.frames;
    if (summary.complete || I + P + B > 0) files.commit();
    return summary;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread[Symbol.asyncDispose]()));
  }

  async #inThread(input: string, { target }: MotionFiles, onProgress: OnProgress): Promise<MotionSummary> {
    const thread = this.#idle.pop() ?? new ExtractionThread();
    try {
      return await thread.run(input, target, this.#options, this.stop.signal, onProgress);
    } finally {
      if (!thread.ended) this.#idle.push(thread);
    }
  }

  async #here(input: string, { target }: MotionFiles, onProgress: OnProgress): Promise<MotionSummary> {
    const { stop } = this;
    // Here alone: where threads read, this one need not load FFmpeg.
    const { Extraction } = await import('@twnet/node/extract/extraction');
    const opened = Extraction.open(input, target, this.#options, stop.signal);
    await using extraction = await unlessStopped(opened, stop, input);
    const { video } = extraction;
    const report = () =>
      onProgress({ frames: extraction.count, total: video.info.frameCountEstimate, notes: video.notes });
    do report();
    while (await extraction.advance(SLICE));
    report();
    return await extraction.finish();
  }
}

function isFile(input: string): boolean {
  return input !== '-' && statSync(input, { throwIfNoEntry: false })?.isFile() === true;
}
