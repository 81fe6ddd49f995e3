/** Which file `twnet motion` writes for which input. */
import { isatty } from 'node:tty';
import { InputError, OutputError } from '@twnet/core/errors';
import { motionFormatOf } from '@twnet/node/extract/motion-files';
import type { MotionFormat } from '@twnet/node/extract/motion-sink';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import type { MotionFlags } from '../commands/motion.js';
import { isFolder, outputFor, outputName, refuseEqualOutputs } from '../output-names.js';

export interface MotionJob {
  readonly input: string;
  /** `-` for standard output. */
  readonly output: string;
  readonly format: MotionFormat;
}

/** Ends like what is written: the name of a file, also where several inputs would need a folder. */
const FILE = /\.(npz|jsonl|ndjson)$/i;

/** One job an input, whose output can be written. @throws InputError, OutputError */
export function planMotion(inputs: readonly string[], flags: MotionFlags): MotionJob[] {
  const { output, format, json, force } = flags;
  const several = inputs.length > 1;
  if (output === '-' && several)
    throw new InputError(
      '-o -: lines of several inputs would not be told apart; give a folder, such as -o motion/',
    );
  if (output === '-' && json) throw new InputError('-o -: is where --json writes; leave one of them out');
  if (several && output !== undefined && !isFolder(output, FILE) && FILE.test(output))
    throw new InputError(`-o ${output}: several inputs need a folder; give one, such as -o motion/`);
  if (inputs.includes('-') && isatty(0))
    throw new InputError('-: standard input is the terminal; pipe a video into it');
  const jobs = inputs.map((input): MotionJob => {
    const file = `${outputName(input)}-motion.${format ?? 'npz'}`;
    const path = output === '-' ? '-' : outputFor(input, file, output, several, FILE);
    return { input, output: path, format: format ?? motionFormatOf(path) };
  });
  refuseEqualOutputs(jobs.map(({ input, output: path }) => ({ input, path })));
  claim(
    jobs.filter((job) => job.output !== '-'),
    inputs,
    output === undefined,
    { force, json },
  );
  return jobs;
}

/** Before any work. */
function claim(
  jobs: readonly MotionJob[],
  inputs: readonly string[],
  named: boolean,
  { force, json }: Pick<MotionFlags, 'force' | 'json'>,
): void {
  try {
    claimOutputs(
      jobs.map(({ output }) => ({ path: output, kind: 'file', flag: '-o' })),
      { inputs, force, stdout: json ? '--json' : undefined },
    );
  } catch (error) {
    // The person gave no name that could be another one.
    if (error instanceof OutputError && named) throw new OutputError(`${error.message}, with -o`);
    throw error;
  }
}
