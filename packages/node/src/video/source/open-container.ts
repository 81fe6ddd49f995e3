/** Opens a source's container, with no other file or address opened on the way unless the person said so. */
import { existsSync, fstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@twnet/core/errors';
import { AVERROR_ENOMEM, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Dictionary, FormatContext, InputFormat } from 'node-av/lib';
import { MOST_PIXELS } from '../most-pixels.js';
import { type ByteSource, bytesInMemory } from './byte-source.js';
import { explainCode, explainNoContainer } from './failures.js';
import { SELF_CONTAINED, WITH_LIVE, WITH_PLAYLISTS } from './formats.js';
import { openHttp } from './http.js';
import { deviceOpening, findLiveStreams, type LiveOpening, LOW_DELAY, optionsOf } from './live-opening.js';
import { factsOf, openFile } from './local-file.js';
import { openPipe, openStdin } from './pipe.js';
import { hasIndexAtEnd, recognisePlaylist } from './recognise.js';

const URL_SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;
/** Live addresses, and the protocols that FFmpeg needs for each. */
const LIVE: Readonly<Record<string, string>> = {
  rtsp: 'rtsp,rtp,udp,tcp,tls,srtp',
  rtsps: 'rtsp,rtp,udp,tcp,tls,srtp',
  rtp: 'rtp,udp',
  rtmp: 'rtmp,rtmpt,rtmpe,tcp,http',
  rtmps: 'rtmps,tls,tcp',
  srt: 'srt',
  udp: 'udp',
  tcp: 'tcp',
  tls: 'tls,tcp',
  ftp: 'ftp,tcp',
};
/** What a playlist may be made of: behind an address never files of this machine. */
const WEB = 'http,https,httpproxy,tcp,tls,crypto,data';
const WEB_AND_FILES = `file,${WEB}`;
/** Without a byte from the network for so long, reading gives up, seconds. */
export const DEFAULT_TIMEOUT = 30;
/** More than any recording has; what claims more is not worth its memory. */
const MOST_STREAMS = 256;

export interface OpeningOptions {
  /** Open a playlist (HLS, DASH, ffconcat, SDP, IMF) and what it names. Default false: only behind a web address. */
  readonly allowPlaylists?: boolean;
  /** Ends opening and reading; what was waiting throws its reason. */
  readonly signal?: AbortSignal;
  /** Seconds without a byte from the network after which reading gives up. Default 30. */
  readonly timeout?: number;
  /** The source goes on live: it is opened with as little delay as it allows, and frames say when they arrived. */
  readonly live?: LiveOpening;
}

/** An opened container. */
export interface OpenedContainer {
  readonly container: FormatContext;
  /** Where its bytes come from; undefined where FFmpeg itself opened it (playlists, live addresses). */
  readonly bytes: ByteSource | undefined;
  /** Ends reads that wait. */
  abort(): void;
  close(): Promise<void>;
}

/**
 * Opens a path, an address, `-` (standard input) or the bytes of a file.
 *
 * @throws InputError that names the cause; the signal's reason
 */
export async function openContainer(
  source: string | Uint8Array,
  name: string,
  options: OpeningOptions,
): Promise<OpenedContainer> {
  options.signal?.throwIfAborted();
  const { scheme, path } = placeOf(source);
  if (scheme !== undefined && scheme in LIVE) {
    return openByFfmpeg(source as string, name, options, { formats: WITH_LIVE, protocols: LIVE[scheme] });
  }
  if (options.live?.format !== undefined && path !== undefined)
    return openByFfmpeg(path, name, options, deviceOpening(path, options.live.format));
  const bytes = await openBytes(source, name, scheme, path, options);
  try {
    const playlist = recognisePlaylist(bytes.start);
    if (playlist === undefined) return await openFrom(bytes, name, options);
    const web = scheme !== undefined;
    const inPlace = web || (path !== undefined && bytes.sequential === undefined);
    if (!web && !options.allowPlaylists) {
      throw new InputError(
        `${name}: is not a video but a playlist (${playlist.name}) that names other files or addresses; ` +
          'give --allow-playlists (allowPlaylists) if you trust it',
      );
    }
    if (!inPlace)
      throw new InputError(`${name}: a playlist (${playlist.name}) has to be a file or an address, no pipe`);
    if (playlist.demuxer === undefined)
      throw new InputError(`${name}: is a playlist (${playlist.name}) that twnet cannot follow`);
    await bytes.close();
    return await openByFfmpeg(web ? (source as string) : `file:${resolve(path!)}`, name, options, {
      formats: WITH_PLAYLISTS,
      protocols: web ? WEB : WEB_AND_FILES,
      demuxer: playlist.demuxer,
    });
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** What stands for a source in messages; a password in an address is not for the screen. */
export function nameOf(source: string | Uint8Array): string {
  if (typeof source !== 'string') return 'the video in memory';
  if (source === '-') return 'standard input';
  return source.replace(/^([a-z][a-z0-9+.-]+:\/\/[^/@\s:]*):[^/@\s]*@/i, '$1:…@');
}

/** What a source's name means: an address's scheme, or a file's path; neither for bytes and standard input. */
function placeOf(source: string | Uint8Array): { scheme?: string; path?: string } {
  if (typeof source !== 'string' || source === '-') return {};
  const scheme = URL_SCHEME.exec(source)?.[1].toLowerCase();
  if (scheme === undefined || existsSync(source)) return { path: source };
  if (scheme === 'file') {
    try {
      return { path: fileURLToPath(source) };
    } catch {
      throw new InputError(`${source}: is no address of a file on this machine`);
    }
  }
  if (scheme === 'http' || scheme === 'https' || scheme in LIVE) return { scheme };
  throw new InputError(
    `${source}: ${scheme}: is no kind of address that is read (http, https, ${Object.keys(LIVE).join(', ')})`,
  );
}

async function openBytes(
  source: string | Uint8Array,
  name: string,
  scheme: string | undefined,
  path: string | undefined,
  { signal, timeout = DEFAULT_TIMEOUT }: OpeningOptions,
): Promise<ByteSource> {
  if (typeof source !== 'string') {
    if (source.length === 0) throw new InputError(`${name}: is empty`);
    return bytesInMemory(source);
  }
  if (scheme !== undefined) {
    let url: URL;
    try {
      url = new URL(source);
    } catch {
      throw new InputError(`${name}: is no valid address`);
    }
    return openHttp(url, name, { signal, timeout: 1000 * timeout });
  }
  if (path === undefined) {
    // A file that stands behind standard input can be read at any place.
    const isFile = process.platform !== 'win32' && fstatSync(0).isFile();
    return isFile ? openFile('/dev/stdin', name) : openStdin(signal);
  }
  const facts = factsOf(path);
  return facts.isFile() || facts.isBlockDevice() ? openFile(path) : openPipe(path, facts, signal);
}

/** Opens the container in a source of bytes. FFmpeg learns nothing of its name but the ending. */
async function openFrom(bytes: ByteSource, name: string, options: OpeningOptions): Promise<OpenedContainer> {
  if (bytes.sequential !== undefined && hasIndexAtEnd(bytes.start)) throw indexAtEnd(name, bytes.sequential);
  const container = new FormatContext();
  container.allocContext();
  container.pb = bytes.io;
  const url = bytes.ending === '' ? '' : `video.${bytes.ending}`;
  try {
    const failed = await openInput(
      container,
      url,
      null,
      {
        format_whitelist: SELF_CONTAINED,
        protocol_whitelist: 'none',
        ...(options.live && LOW_DELAY),
      },
      options.live !== undefined,
    );
    options.signal?.throwIfAborted();
    if (failed < 0) throw new InputError(`${name}: ${bytes.failure() ?? explainNoContainer(bytes, failed)}`);
  } catch (error) {
    container.pb = null;
    await container.closeInput();
    throw error;
  }
  return {
    container,
    bytes,
    abort: () => bytes.abort(),
    close: async () => {
      container.pb = null;
      await container.closeInput();
      await bytes.close();
    },
  };
}

/** The error for a video that would have to be gone to and fro in, where only forth is possible. */
export function indexAtEnd(name: string, sequential: string): InputError {
  return new InputError(
    `${name}: its index is at its end, and it ${sequential}: give a file, or move the index to the front ` +
      'with -movflags +faststart',
  );
}

export interface NativeOpening {
  readonly formats: string;
  readonly protocols: string;
  readonly demuxer?: string;
}

/** Lets FFmpeg open an address, or a playlist and what it names. */
async function openByFfmpeg(
  url: string,
  name: string,
  { signal, timeout = DEFAULT_TIMEOUT, live }: OpeningOptions,
  { formats, protocols, demuxer }: NativeOpening,
): Promise<OpenedContainer> {
  const container = new FormatContext();
  container.allocContext();
  const abort = () => container.interrupt();
  signal?.addEventListener('abort', abort, { once: true });
  const close = async () => {
    signal?.removeEventListener('abort', abort);
    await container.closeInput();
  };
  try {
    const format = demuxer === undefined ? null : InputFormat.findInputFormat(demuxer);
    const failed = await openInput(
      container,
      url,
      format,
      {
        format_whitelist: formats,
        protocol_whitelist: protocols,
        rw_timeout: String(1e6 * timeout),
        ...(live && { ...LOW_DELAY, ...optionsOf(url, live, timeout) }),
        // Who vouches for a list does so for the paths in it.
        ...(demuxer === 'concat' && protocols === WEB_AND_FILES ? { safe: '0' } : {}),
      },
      live !== undefined,
    );
    signal?.throwIfAborted();
    if (failed < 0) throw new InputError(`${name}: ${explainCode(failed, demuxer !== undefined, timeout)}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { container, bytes: undefined, abort, close };
}

/** Opens the input and looks into its streams. Returns FFmpeg's code. */
async function openInput(
  container: FormatContext,
  url: string,
  format: InputFormat | null,
  options: Record<string, string>,
  isLive: boolean,
): Promise<number> {
  using dictionary = Dictionary.fromObject({ max_streams: String(MOST_STREAMS), ...options });
  const opened = await container.openInput(url, format, dictionary);
  if (opened < 0) return opened;
  // node-av hands no limits to the decoders that look into streams: what is too large must not come so far.
  if (container.streams.some(({ codecpar }) => codecpar.width * codecpar.height > MOST_PIXELS)) {
    return AVERROR_ENOMEM;
  }
  const found = await (isLive ? findLiveStreams(container) : container.findStreamInfo(null));
  if (found < 0) return found;
  for (const { codecpar } of container.streams) {
    const { codecType, width, format: pixels, frameRate, extradataSize } = codecpar;
    const vague = width === 0 || pixels < 0 || frameRate.num === 0;
    if (codecType === AVMEDIA_TYPE_VIDEO && vague && extradataSize > 0) codecpar.parseExtradata();
  }
  return found;
}
