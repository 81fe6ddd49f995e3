import { ownVersion } from '@twnet/node/files/own-version';
import { Command } from 'commander';
import { registerAdaptCommand } from './commands/adapt.js';
import { registerDataCommand } from './commands/data.js';
import { registerDemoCommand } from './commands/demo.js';
import { registerEncodeCommand } from './commands/encode.js';
import { registerExportCommand } from './commands/export.js';
import { registerInspectCommand } from './commands/inspect.js';
import { registerJobsCommand } from './commands/jobs.js';
import { registerLiveCommand } from './commands/live.js';
import { registerModelCommand } from './commands/model.js';
import { registerModelsCommand } from './commands/models.js';
import { registerMotionCommand } from './commands/motion.js';
import { registerScoreCommand } from './commands/score.js';
import { registerSegmentCommand } from './commands/segment.js';
import { registerSubmitCommand } from './commands/submit.js';
import { registerTrainCommand } from './commands/train.js';
import { registerWeightsCommand } from './commands/weights.js';
import { registerWorkerCommand } from './commands/worker.js';
import { beQuiet } from './progress.js';
import { oneLine } from './report-error.js';

const EXAMPLES = `
Examples:
  twnet demo                                      render a short scene, segment it, show the result
  twnet inspect drive.mp4                         what the stream holds: frames by type, vectors, motion
  twnet motion drive.mp4                          its motion vectors, frame types and times, for NumPy
  twnet encode drive.mp4 -o paper.mp4             the paper's stream: MPEG-4 Part 2, an I-frame in 12
  twnet segment paper.mp4 -o overlay.mp4          labels drawn over the video
  twnet segment paper.mp4 --labels labels/        one 8-bit PNG of class ids a frame
  twnet live rtsp://camera/stream                 labels for a camera, as its frames come
  twnet score labels/ truth/ --classes camvid     mIoU and a table by class

Exit codes: 0 done; 2 unusable input or command line; 3 input partly unreadable, the rest was done;
4 output could not be written; 130 interrupted.`;

/**
 * The command line `twnet …`. Commands import what they run inside their actions: help and errors about the
 * command line itself must not wait for FFmpeg and ONNX Runtime to load.
 *
 * @param more registers further commands: those of the benchmarks, which are not published
 */
export function createProgram(...more: readonly ((program: Command) => void)[]): Command {
  const program = new Command('twnet');
  program
    .description('Semantic segmentation of compressed video by its own motion vectors and residuals.')
    .version(ownVersion())
    .addHelpText('after', EXAMPLES)
    .configureOutput({ outputError: (text, write) => write(`twnet: ${usageError(text)}\n`) })
    .exitOverride();
  registerDemoCommand(program);
  registerSegmentCommand(program);
  registerSubmitCommand(program);
  registerWorkerCommand(program);
  registerJobsCommand(program);
  registerLiveCommand(program);
  registerModelsCommand(program);
  registerModelCommand(program);
  registerAdaptCommand(program);
  registerInspectCommand(program);
  registerMotionCommand(program);
  registerEncodeCommand(program);
  registerScoreCommand(program);
  registerDataCommand(program);
  registerTrainCommand(program);
  registerWeightsCommand(program);
  registerExportCommand(program);
  for (const register of more) register(program);
  addQuietOption(program);
  obeyQuiet(program);
  return program;
}

/** Commander's `error: …` lines as one line of ours. */
function usageError(text: string): string {
  return `${oneLine(text.replace(/^error: /, ''))}; see --help`;
}

/** Adds `--quiet` to a command's commands, those within them included. */
function addQuietOption(program: Command): void {
  for (const command of program.commands) {
    if (command.commands.length > 0) addQuietOption(command);
    else if (!command.options.some(({ long }) => long === '--quiet'))
      command.option('--quiet', 'no progress');
  }
}

/** Before a command runs. */
function obeyQuiet(program: Command): void {
  program.hook('preAction', (_program, command) => {
    if (command.opts().quiet) beQuiet();
  });
}
