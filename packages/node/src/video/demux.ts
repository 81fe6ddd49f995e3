/** Opens a container and finds its video stream. */
import { AV_LOG_QUIET } from 'node-av/constants';
import { type Codec, type FormatContext, Log, type Stream } from 'node-av/lib';
import type { ByteSource } from './source/byte-source.js';
import { chooseStream } from './source/choose-stream.js';
import { explainOther } from './source/failures.js';
import { type OpeningOptions, openContainer } from './source/open-container.js';

export interface StreamOptions extends OpeningOptions {
  /** Index of the video stream to read, as ffprobe counts a container's streams; the best one unless given. */
  readonly stream?: number;
}

/** An opened container; `close` frees it. */
export interface OpenedStream {
  readonly container: FormatContext;
  readonly stream: Stream;
  /** The stream's place in the container, and its unit of time; asked of FFmpeg for every packet they take long. */
  readonly index: number;
  readonly secondsPerTick: number;
  readonly decoder: Codec;
  /** Where the bytes come from; undefined where FFmpeg opened it itself. */
  readonly bytes?: ByteSource;
  readonly signal?: AbortSignal;
  /** Frames say when they arrived. */
  readonly isLive: boolean;
  /** Ends reads that wait. */
  abort?(): void;
  close(): Promise<void>;
}

/**
 * Opens a path, an address, `-` or the bytes of a file; `name` stands for it in errors.
 *
 * @throws InputError that names the cause; the signal's reason
 */
export async function openStream(
  source: string | Uint8Array,
  name: string,
  options: StreamOptions = {},
): Promise<OpenedStream> {
  // FFmpeg's own messages go to stderr and bypass ours; what matters of them is reported as losses.
  Log.setLevel(AV_LOG_QUIET);
  const { container, bytes, abort, close } = await openContainer(source, name, options);
  try {
    const otherwise = () => bytes && explainOther(bytes.start, bytes.ending);
    const { stream, decoder } = chooseStream(container, name, options.stream, otherwise);
    const { index, timeBase } = stream;
    const facts = { stream, index, secondsPerTick: timeBase.toDouble() };
    return {
      container,
      ...facts,
      decoder,
      bytes,
      signal: options.signal,
      isLive: options.live !== undefined,
      abort,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
