/** How sources are opened that go on live: with as little delay as they allow. */
import { existsSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { type FormatContext, InputFormat } from 'node-av/lib';

export interface LiveOpening {
  /** What RTSP streams come by; default tcp, of which nothing is lost. */
  readonly transport?: 'tcp' | 'udp';
  /** FFmpeg's name of a device's format (v4l2, avfoundation, dshow, …): the source is one of this machine's devices. */
  readonly format?: string;
}

/**
 * The first tenth of a second says what most streams are. What has been read for that is not thrown away, as `nobuffer`
 * would do: its first key frame may be among it.
 */
export const LOW_DELAY: Readonly<Record<string, string>> = {
  analyzeduration: '100000',
  fpsprobesize: '0',
  probesize: '1000000',
  max_delay: '100000',
};

/** Whoever comes in the middle of a group of pictures learns their size with its next key frame: seconds and bytes, at most. */
const KEY_FRAME_WITHIN = { seconds: 30, bytes: 2 ** 27 };

/** Looks into the streams of a source that goes on live. Returns FFmpeg's code. */
export async function findLiveStreams(container: FormatContext): Promise<number> {
  const found = await container.findStreamInfo(null);
  if (found < 0 || !awaitsKeyFrame(container)) return found;
  container.maxAnalyzeDuration = BigInt(1e6 * KEY_FRAME_WITHIN.seconds);
  container.probesize = BigInt(KEY_FRAME_WITHIN.bytes);
  return container.findStreamInfo(null);
}

function awaitsKeyFrame({ streams }: FormatContext): boolean {
  const videos = streams.filter(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
  // Who has not seen any stream yet may see one later.
  return videos.length === 0 ? streams.length === 0 : videos.every(({ codecpar }) => codecpar.width <= 0);
}

/** What else FFmpeg is told for an address. @param timeout seconds */
export function optionsOf(url: string, live: LiveOpening, timeout: number): Record<string, string> {
  const scheme = /^[a-z][a-z0-9+.-]+(?=:)/i.exec(url)?.[0].toLowerCase() ?? '';
  // RTMP takes a time-out for the wish to be called.
  const waits: Record<string, string> = /^(?:rtsps?|udp|rtp)$/.test(scheme)
    ? { timeout: String(1e6 * timeout) }
    : {};
  return /^rtsps?$/.test(scheme) ? { ...waits, rtsp_transport: live.transport ?? 'tcp' } : waits;
}

/**
 * How a device is opened.
 *
 * @throws InputError where there is none, or FFmpeg does not know such devices
 */
export function deviceOpening(path: string, format: string) {
  if (!InputFormat.findInputFormat(format))
    throw new InputError(`--format ${format}: this build of FFmpeg knows no such devices; on Linux: v4l2`);
  if (path.startsWith('/') && !existsSync(path))
    throw new InputError(`${path}: there is no such device; is a webcam connected?`);
  return { formats: format, protocols: 'file', demuxer: format };
}
