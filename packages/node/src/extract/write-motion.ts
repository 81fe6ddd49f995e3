import { callbackOption, checkOptions, signalOption } from '@twnet/core/options/option-check';
import { z } from 'zod';
import { claimOutputs } from '../files/claim-outputs.js';
import { Extraction, type ExtractionOptions, type MotionSummary } from './extraction.js';
import { MotionFiles, motionFormatOf } from './motion-files.js';
import { MOTION_FORMATS, type MotionFormat } from './motion-sink.js';

export interface WriteMotionOptions extends ExtractionOptions {
  /** Default: what the output's ending says. */
  readonly format?: MotionFormat;
  /** Overwrite an existing file. Default: refuse. */
  readonly force?: boolean;
  /** Stop here when this is aborted: the file is completed with the frames so far. (`signal` leaves nothing.) */
  readonly until?: AbortSignal;
  /** Called now and then with the number of frames so far. */
  readonly onProgress?: (frames: number) => void;
}

/** Milliseconds between two reports of progress. */
const SLICE = 100;

const anything = z.unknown().optional();
const writeMotionOptions = z.strictObject({
  dense: z.boolean().optional(),
  residual: z.boolean().optional(),
  stride: z.literal([4, 8, 16]).optional(),
  motionSource: z.enum(['codec', 'auto', 'estimate']).optional(),
  format: z.enum(MOTION_FORMATS).optional(),
  force: z.boolean().optional(),
  until: signalOption.optional(),
  onProgress: callbackOption.optional(),
  // Checked where the video is opened.
  start: anything,
  duration: anything,
  stream: anything,
  allowPlaylists: anything,
  signal: anything,
  timeout: anything,
});

/**
 * Writes a video's motion to a file: vectors, frame types and times; with `dense` and `residual` maps of every frame,
 * too. docs/guide/motion-vectors.md says what is in it. No picture is converted unless residuals or estimates ask for it, and memory
 * does not depend on the length.
 *
 * @param source as `openVideo` takes it
 * @param output `.npz` (NumPy) or `.jsonl` (a line of JSON a frame); `-` for lines on standard output
 * @throws InputError, OutputError; nothing is left then
 */
export async function writeMotion(
  source: string | Uint8Array,
  output: string,
  options: WriteMotionOptions = {},
): Promise<MotionSummary> {
  checkOptions('writeMotion', writeMotionOptions, options);
  const { format = motionFormatOf(output), force, until, onProgress, ...extraction } = options;
  if (output !== '-')
    claimOutputs([{ path: output, kind: 'file', flag: 'output' }], {
      inputs: typeof source === 'string' ? [source] : [],
      force,
    });
  using files = new MotionFiles(output, format);
  await using motion = await Extraction.open(source, files.target, extraction, until);
  while (await motion.advance(SLICE)) onProgress?.(motion.count);
  const summary = await motion.finish();
  files.commit();
  onProgress?.(motion.count);
  return summary;
}
