/** `twnet segment IN`: labels for every frame of a video. */
import type { Command } from 'commander';
import { addSegmentOptions } from '../segment/flags.js';
import { runSegment } from '../segment/run-segment.js';

export function registerSegmentCommand(program: Command): void {
  const command = program
    .command('segment')
    .description('label every frame of a video, by its own motion vectors and residuals')
    .argument('<in>', 'video: MP4, MKV, AVI, WebM, MPEG-TS or a raw stream');
  addSegmentOptions(command)
    .addHelpText('after', '\nExample:\n  twnet segment drive.mp4 -o overlay.mp4 --labels labels/')
    .action(runSegment);
}
