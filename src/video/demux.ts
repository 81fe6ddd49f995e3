/** Opens a container and finds its video stream. */
import { existsSync, statSync } from 'node:fs';
import { Demuxer } from 'node-av/api';
import { AV_DISPOSITION_ATTACHED_PIC, AV_LOG_QUIET, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, type FormatContext, Log, type Stream } from 'node-av/lib';
import { InputError } from '../errors.js';

/** An opened container; `close` frees it. */
export interface OpenedStream {
  readonly container: FormatContext;
  readonly stream: Stream;
  readonly decoder: Codec;
  close(): Promise<void>;
}

/** Opens a file or the bytes of one; `name` stands for it in errors. */
export async function openStream(source: string | Uint8Array, name: string): Promise<OpenedStream> {
  // FFmpeg's own messages go to stderr and bypass ours; what matters of them is reported as losses.
  Log.setLevel(AV_LOG_QUIET);
  if (typeof source === 'string') checkFile(source);
  let demuxer: Demuxer;
  try {
    demuxer = await Demuxer.open(
      typeof source === 'string' ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength),
    );
  } catch {
    throw new InputError(`${name}: is not a video that can be opened (unknown or damaged format)`);
  }
  try {
    const container = demuxer.getFormatContext();
    const { stream, decoder } = videoStream(container, name);
    return { container, stream, decoder, close: () => demuxer.close() };
  } catch (error) {
    await demuxer.close();
    throw error;
  }
}

function checkFile(path: string): void {
  // FFmpeg also takes URLs and its own protocols; those are its to open.
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return;
  if (!existsSync(path)) throw new InputError(`${path}: no such file`);
  const facts = statSync(path);
  if (facts.isDirectory())
    throw new InputError(
      `${path}: is a folder, not a video; twnet encode makes a video from a folder of images`,
    );
  if (facts.size === 0) throw new InputError(`${path}: is empty`);
}

function videoStream(container: FormatContext, name: string): { stream: Stream; decoder: Codec } {
  const index = container.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index >= 0 ? container.streams[index] : undefined;
  if (!stream || stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC)) {
    throw new InputError(
      `${name}: has no video stream${container.nbStreams > 0 ? ' (audio or data only)' : ''}`,
    );
  }
  const decoder = Codec.findDecoder(stream.codecpar.codecId);
  if (!decoder) throw new InputError(`${name}: no decoder for its video codec`);
  if (stream.codecpar.width <= 0 || stream.codecpar.height <= 0) {
    throw new InputError(`${name}: its video stream has no frames that can be decoded`);
  }
  return { stream, decoder };
}
