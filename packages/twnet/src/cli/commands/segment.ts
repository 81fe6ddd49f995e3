/** `twnet segment IN…`: labels for every frame of videos. */
import type { Command } from 'commander';
import { addSegmentOptions } from '../segment/flags.js';
import { runSegment } from '../segment/run-segment.js';

const DETAILS = `
Without -o, --labels, --stats and --json the labels are drawn over a video beside the input, clip-segmented.mp4 for
clip.mp4 (stdin-segmented.mp4 in the current folder for -). Several inputs are segmented one after the other: -o names a
folder then, --labels a folder with one for each; one that fails does not stop the others. Nothing that exists is
overwritten without --force. The first Ctrl-C completes the files with the frames so far.

Examples:
  twnet segment drive.mp4
  twnet segment drive.mp4 -o overlay.mp4 --labels labels/
  twnet segment a.mp4 b.mp4 -o out/ --labels labels/`;

export function registerSegmentCommand(program: Command): void {
  const command = program
    .command('segment')
    .description('label every frame of a video, by its own motion vectors and residuals')
    .argument('<in...>', 'videos: MP4, MKV, AVI, WebM, MPEG-TS, raw streams; - for standard input');
  addSegmentOptions(command).addHelpText('after', DETAILS).action(runSegment);
}
