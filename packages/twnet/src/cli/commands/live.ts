/** `twnet live SOURCE…`: labels for cameras and streams, as they come. */
import type { Command } from 'commander';
import { addLiveOptions } from '../live/flags.js';
import { runLive } from '../live/run-live.js';

const DETAILS = `
Sources: RTSP, RTMP, SRT, HLS, HTTP, MPEG-TS over TCP or UDP, standard input (-), webcams (--format v4l2), and files, which
are played at their own pace. The network labels the newest frame, again and again; the frames between get its labels,
carried along the codec's vectors. Several sources go on beside one another, and each under its own name: -o and --labels
write into a folder for each. Recordings can be played while they grow, and up to their last second whatever happens;
numbered ones go on behind those that are there. The first Ctrl-C completes the files, the second stops at once.

Examples:
  twnet live rtsp://user:password@camera/stream
  twnet live rtsp://camera/stream -o cam-%03d.mp4 --segment 10m
  twnet live /dev/video0 --format v4l2 --for 60s --labels labels/
  twnet live rtsp://camera/stream --serve --rule door:person:0.02@0.1,0.4:0.5,0.4:0.5,1
  twnet live rtsp://one/s rtsp://two/s --names front,back --json`;

export function registerLiveCommand(program: Command): void {
  const command = program
    .command('live')
    .description('label cameras and streams as they come, never late')
    .argument('<source...>', 'addresses, devices, files; - for standard input');
  addLiveOptions(command).addHelpText('after', DETAILS).action(runLive);
}
