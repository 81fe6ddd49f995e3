/** Calls that take FFmpeg, which is loaded at the first of them: `import 'twnet'` loads none of it. */
import type { Networks } from '@twnet/core/runtime/networks';
import type { MotionSummary } from '@twnet/node/extract/extraction';
import type { WriteMotionOptions } from '@twnet/node/extract/write-motion';
import type { SegmentationStats, WriteOptions } from '@twnet/node/output/write-segmentation';
import type { EncodeOptions, VideoWriter } from '@twnet/node/video/encode-video';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import type { Video } from '@twnet/node/video/open-video';

/**
 * Opens a video (MP4, MKV, AVI, WebM, MPEG-TS, raw streams, …) and decodes its first frame.
 *
 * @param source path of a file, pipe or FIFO; web or live address; `-` for standard input; or the bytes of a file
 * @throws InputError for what is missing, no video, or has no frame that can be decoded, and for options that are
 *   none; RangeError for a scale, size or time outside its range; the signal's reason
 */
export async function openVideo(source: string | Uint8Array, options?: OpenVideoOptions): Promise<Video> {
  const { openVideo } = await import('@twnet/node/video/open-video');
  return openVideo(source, options);
}

/**
 * Opens a video file for writing; its frames are given to the writer, which `finish` completes.
 *
 * @throws InputError for sizes, names and options that no encoder or container takes
 * @throws OutputError when the file cannot be created
 */
export async function encodeVideo(options: EncodeOptions): Promise<VideoWriter> {
  const { encodeVideo } = await import('@twnet/node/video/encode-video');
  return encodeVideo(options);
}

/**
 * Segments a video and writes what is asked for, an overlay or a folder of labels or both. Outputs get their names when
 * all of the video has been read, so they are whole or not there; where the video itself is damaged they hold what could
 * be decoded (`video.losses` says what could not).
 *
 * @throws InputError, OutputError; before any work where an output exists (see `force`) or cannot be written
 */
export async function writeSegmentation(
  video: Video,
  networks: Networks | readonly Networks[],
  options: WriteOptions,
): Promise<SegmentationStats> {
  const { writeSegmentation } = await import('@twnet/node/output/write-segmentation');
  return writeSegmentation(video, networks, options);
}

/**
 * Writes a video's motion to a file: vectors, frame types and times; with `dense` and `residual` maps of every frame,
 * too. docs/motion.md says what is in it. No picture is converted unless residuals or estimates ask for it, and memory
 * does not depend on the length.
 *
 * @param source as {@link openVideo} takes it
 * @param output `.npz` (NumPy) or `.jsonl` (a line of JSON a frame); `-` for lines on standard output
 * @throws InputError, OutputError; nothing is left then
 */
export async function writeMotion(
  source: string | Uint8Array,
  output: string,
  options?: WriteMotionOptions,
): Promise<MotionSummary> {
  const { writeMotion } = await import('@twnet/node/extract/write-motion');
  return writeMotion(source, output, options);
}
