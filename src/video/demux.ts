/** Opens a container and finds its video stream. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { Demuxer } from 'node-av/api';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AVFMT_FLAG_NONBLOCK,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Codec, type FormatContext, Log, type Stream } from 'node-av/lib';
import { InputError } from '../errors.js';

const URL_SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i;
/** FFmpeg plays text files as animations of a terminal. */
const TEXT_ART = new Set(['tty', 'bin', 'idf', 'adf', 'xbin']);

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
  const demuxer = await openContainer(source, name);
  try {
    const container = demuxer.getFormatContext();
    container.clearFlags(AVFMT_FLAG_NONBLOCK);
    const { stream, decoder } = videoStream(container, name);
    return { container, stream, decoder, close: () => demuxer.close() };
  } catch (error) {
    await demuxer.close();
    throw error;
  }
}

async function openContainer(source: string | Uint8Array, name: string): Promise<Demuxer> {
  const isUrl = typeof source === 'string' && URL_SCHEME.test(source) && !existsSync(source);
  const start = isUrl ? undefined : typeof source === 'string' ? startOfFile(source) : source.subarray(0, 12);
  if (start?.length === 0) throw new InputError(`${name}: is empty`);
  try {
    if (typeof source !== 'string') {
      return await Demuxer.open(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
    }
    // A local file that is a playlist must not make this program fetch what it names.
    return await Demuxer.open(source, isUrl ? {} : { options: { protocol_whitelist: 'file' } });
  } catch {
    const isMov = start !== undefined && Buffer.from(start).toString('latin1', 4, 8) === 'ftyp';
    throw new InputError(
      isMov
        ? `${name}: its index (moov) is missing or damaged: an MP4 or MOV cut off before its end cannot be read`
        : `${name}: is not a video that can be opened (unknown or damaged format)`,
    );
  }
}

/** The first bytes of a local file; none of a pipe or device, which can be read only once. */
function startOfFile(path: string): Buffer | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) throw new InputError(`${path}: no such file`);
  if (facts.isDirectory()) {
    throw new InputError(
      `${path}: is a folder, not a video; twnet encode makes a video from a folder of images`,
    );
  }
  if (!facts.isFile()) return undefined;
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(12);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    throw new InputError(`${path}: cannot be read; check its permissions`);
  }
}

function videoStream(container: FormatContext, name: string): { stream: Stream; decoder: Codec } {
  if (TEXT_ART.has(container.iformat?.name ?? '')) throw new InputError(`${name}: is text, not a video`);
  const index = container.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index >= 0 ? container.streams[index] : undefined;
  // A cover picture is no video.
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
