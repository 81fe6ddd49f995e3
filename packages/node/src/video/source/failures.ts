/** Why a container cannot be opened, in words to follow its name. */
import {
  AVERROR_EACCES,
  AVERROR_EINVAL,
  AVERROR_EIO,
  AVERROR_ENOENT,
  AVERROR_ENOMEM,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
} from 'node-av/constants';
import { FFmpegError, InputFormat } from 'node-av/lib';
import type { ByteSource } from './byte-source.js';
import { recogniseOther } from './recognise.js';

/** Endings that FFmpeg plays texts by, as animations of a terminal. */
const TEXT_ENDING = /^(?:ans|art|asc|diz|ice|nfo|txt|vt|csv|json|md|log|xml|srt|vtt|ass|ssa|sub)$/;

/** Why no container was found in these bytes; `code` is FFmpeg's. */
export function explainNoContainer({ start, ending }: ByteSource, code: number): string {
  if (code === AVERROR_ENOMEM) return 'claims pictures or tables that are too large';
  if (start.toString('latin1', 4, 8) === 'ftyp') {
    return 'its index (moov) is missing or damaged: an MP4 or MOV cut off before its end cannot be read';
  }
  return explainOther(start, ending) ?? 'is not a video that can be opened (unknown or damaged format)';
}

/** What these bytes are instead of a video, if that can be told. */
export function explainOther(start: Buffer, ending: string): string | undefined {
  const other = recogniseOther(start);
  if (other === 'text' && TEXT_ENDING.test(ending)) return 'is text, not a video';
  if (other !== undefined) return `is not a video but ${other}`;
  const format = InputFormat.probe(start, ending === '' ? undefined : `video.${ending}`);
  return /^(?:svg|image2)/.test(format?.name ?? '') && /^\s*</.test(start.toString('latin1'))
    ? 'is not a video but a drawing (SVG)'
    : undefined;
}

const ERRNO = { ETIMEDOUT: 110, ECONNREFUSED: 111, EHOSTUNREACH: 113 };
const CODES: ReadonlyMap<number, string> = new Map([
  [AVERROR_HTTP_NOT_FOUND, 'the server has no such file (HTTP 404)'],
  [AVERROR_HTTP_FORBIDDEN, 'the server does not allow it (HTTP 403)'],
  [AVERROR_HTTP_UNAUTHORIZED, 'the server asks for a login (HTTP 401)'],
  [AVERROR_HTTP_OTHER_4XX, 'the server refuses it (HTTP 4xx)'],
  [AVERROR_HTTP_SERVER_ERROR, 'the server failed (HTTP 5xx)'],
  [-ERRNO.ECONNREFUSED, 'the connection is refused: nothing answers there'],
  [-ERRNO.EHOSTUNREACH, 'the host cannot be reached'],
  [AVERROR_ENOENT, 'no such file'],
  [AVERROR_EACCES, 'permission denied'],
  [AVERROR_ENOMEM, 'claims more than there is memory for'],
  [AVERROR_EIO, 'cannot be read (host not found, connection broken, or nothing there)'],
  [AVERROR_EINVAL, 'names what may not be opened'],
  [AVERROR_INVALIDDATA, 'is not a video that can be opened (unknown or damaged format)'],
]);

/** Why FFmpeg could not open an address or a playlist. */
export function explainCode(code: number, playlist: boolean, timeout: number): string {
  const what =
    code === -ERRNO.ETIMEDOUT
      ? `no answer for ${timeout} s`
      : (CODES.get(code) ?? `cannot be opened (${new FFmpegError(code).message})`);
  return playlist ? `is a playlist of which nothing can be played: ${what}` : what;
}
