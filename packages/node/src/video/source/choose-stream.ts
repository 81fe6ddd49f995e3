/** Which of a container's streams is read, and why none can be. */

import { InputError } from '@twnet/core/errors';
import {
  AV_CODEC_ID_NONE,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_PKT_DATA_ENCRYPTION_INIT_INFO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { avGetCodecName, avGetMediaTypeString, Codec, type FormatContext, type Stream } from 'node-av/lib';

export interface ChosenStream {
  readonly stream: Stream;
  readonly decoder: Codec;
}

/**
 * @param wanted FFmpeg's index of a stream, as ffprobe counts them; the best video stream unless given
 * @param otherwise what the source is if it is no video, in words to follow its name
 */
export function chooseStream(
  container: FormatContext,
  name: string,
  wanted: number | undefined,
  otherwise: () => string | undefined,
): ChosenStream {
  const stream = wanted === undefined ? bestVideo(container) : wantedVideo(container, name, wanted);
  if (!stream) {
    const other = otherwise();
    throw new InputError(
      `${name}: ${other ?? `has no video stream${container.nbStreams > 0 ? ' (audio or data only)' : ''}`}`,
    );
  }
  if (isEncrypted(stream)) {
    throw new InputError(`${name}: is encrypted (DRM); it can be read only where it is decrypted first`);
  }
  const { codecId, codecTagString, width, height } = stream.codecpar;
  const decoder = Codec.findDecoder(codecId);
  if (!decoder) {
    const codec = codecId === AV_CODEC_ID_NONE ? codecTagString : avGetCodecName(codecId);
    throw new InputError(`${name}: no decoder for its video codec${codec ? ` (${codec.trim()})` : ''}`);
  }
  if (width <= 0 || height <= 0) {
    throw new InputError(`${name}: its video stream has no frames that can be decoded`);
  }
  return { stream, decoder };
}

/** A cover picture is no video. */
function bestVideo(container: FormatContext): Stream | undefined {
  const index = container.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index >= 0 ? container.streams[index] : undefined;
  return stream?.hasDisposition(AV_DISPOSITION_ATTACHED_PIC) ? undefined : stream;
}

function wantedVideo({ streams }: FormatContext, name: string, wanted: number): Stream {
  const stream = streams[wanted];
  if (stream?.codecpar.codecType === AVMEDIA_TYPE_VIDEO) return stream;
  const what = stream ? `stream ${wanted} is no video` : `it has no stream ${wanted}`;
  throw new InputError(`${name}: ${what}; there is ${streams.map(describe).join(', ')}`);
}

function describe({ index, codecpar }: Stream): string {
  const { codecType, codecId, width, height } = codecpar;
  const kind = avGetMediaTypeString(codecType) ?? 'data';
  const size = codecType === AVMEDIA_TYPE_VIDEO ? ` of ${width}×${height}` : '';
  return `${index} (${kind}${size}, ${avGetCodecName(codecId) ?? 'unknown'})`;
}

/** MP4's protected sample entries (`encv`), init data (`pssh`), Matroska's ContentEncryption. */
function isEncrypted({ codecpar, metadata }: Stream): boolean {
  return (
    codecpar.codecTagString === 'encv' ||
    codecpar.getCodedSideData(AV_PKT_DATA_ENCRYPTION_INIT_INFO) !== null ||
    (metadata?.get('enc_key_id') ?? null) !== null
  );
}
