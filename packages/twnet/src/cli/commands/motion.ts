/** `twnet motion IN…`: motion vectors, frame types and times as files. */
import { availableParallelism } from 'node:os';
import type { Stride } from '@twnet/core/motion/grid';
import type { MotionFormat } from '@twnet/node/extract/motion-sink';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from '../option-values.js';
import { forceOption } from '../output-option.js';
import { addSourceOptions, type SourceFlags } from '../source-options.js';

export interface MotionFlags extends SourceFlags {
  readonly output?: string;
  readonly format?: MotionFormat;
  readonly motion: 'codec' | 'auto' | 'estimate';
  readonly dense?: boolean;
  readonly residual?: boolean;
  readonly stride: Stride;
  readonly jobs: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const DETAILS = `
Without -o it writes a file beside each input, clip-motion.npz for clip.mp4. Several inputs are read at a time, --jobs of
them; -o names a folder then; one that fails does not stop the others. The first Ctrl-C completes the files with the
frames so far. What is in them: docs/guide/motion-vectors.md.

Examples:
  twnet motion drive.mp4
  twnet motion drive.mp4 -o drive.npz --dense --residual --stride 8
  twnet motion *.mp4 -o motion/ --jobs 8
  twnet motion drive.mp4 -o - | head -n 3

In Python:
  vectors = numpy.load('drive-motion.npz')['vectors']`;

export function registerMotionCommand(program: Command): void {
  const command = program
    .command('motion')
    .description("write a video's motion vectors, frame types and times, for NumPy or as JSON lines")
    .argument('<in...>', 'videos: MP4, MKV, AVI, WebM, MPEG-TS, raw streams; - for standard input')
    .option(
      '-o, --output <file>',
      'file to write: .npz, or .jsonl with a line a frame; - for lines on standard output; a folder for several inputs',
    )
    .addOption(
      new Option('--format <format>', 'what is written (default: by the ending, else npz)').choices([
        'npz',
        'jsonl',
      ]),
    )
    .addOption(
      new Option(
        '--motion <source>',
        "codec: the codec's own vectors and no others; auto: estimated ones where it has none; estimate: estimated ones",
      )
        .choices(['codec', 'auto', 'estimate'])
        .default('codec'),
    )
    .option('--dense', 'dense motion of every frame, a vector a cell, and the share of it that has one')
    .option(
      '--residual',
      'what the motion of every frame leaves unexplained, a cell (the pictures are decoded for it)',
    )
    .addOption(new Option('--stride <pixels>', 'side of a cell: 4, 8 or 16').argParser(stride).default(16))
    .option(
      '--jobs <n>',
      'inputs read at a time (default: one a core)',
      positiveInteger,
      availableParallelism(),
    )
    .addOption(forceOption())
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', DETAILS)
    .action(async (inputs: string[], flags: MotionFlags) => {
      const { runMotion } = await import('../motion/run-motion.js');
      await runMotion(inputs, flags);
    });
  addSourceOptions(command);
}

function stride(text: string): Stride {
  if (text === '4' || text === '8' || text === '16') return Number(text) as Stride;
  throw new InvalidArgumentError('It must be 4, 8 or 16.');
}
