/** Where things of a run lie below the folder of the results. */
import { createHash } from 'node:crypto';
import type { VideoJob } from './jobs.js';
import { below, type Location } from './storage.js';

/** What is not a result. */
export const WORK_FOLDER = '.twnet';

export const partsFolder = ({ out }: VideoJob, key: string): Location =>
  below(out, WORK_FOLDER, 'parts', key);
/** Frames to the end of the video are another part than those of a group that begins with the same frame. */
export const partPlace = (video: VideoJob, key: string, from: number, to: number | undefined): Location =>
  below(partsFolder(video, key), `${from}-${to ?? 'end'}.part`);
/** When each frame is shown, for whoever goes to one. */
export const indexPlace = (video: VideoJob, key: string): Location => below(partsFolder(video, key), 'index');
/** Says that a video is not to be split. */
export const wholePlace = (video: VideoJob, key: string): Location => below(partsFolder(video, key), 'whole');
/** Says of a result that it is complete. */
export const donePlace = ({ out }: VideoJob, resultKey: string): Location =>
  below(out, WORK_FOLDER, 'done', `${resultKey}.json`);
/** Says of a file that twnet wrote it. */
export const ownerPlace = ({ out }: VideoJob, path: Location): Location =>
  below(out, WORK_FOLDER, 'owned', createHash('sha256').update(path).digest('hex').slice(0, 40));

export const labelsPlace = ({ out, name }: VideoJob): Location => below(out, name);
export const overlayPlace = ({ out, name, settings }: VideoJob): Location =>
  below(out, `${name}-segmented.${settings.overlay}`);
