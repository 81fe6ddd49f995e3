/** How a stream is coded for a measurement: codec and quality, and the files that come of it. */
import { InputError } from '@twnet/core/errors';
import { CLIP_CODECS, type ClipCodec, fitsCodec } from '@twnet/node/video/clip-codecs';
import { type EncodeOptions, encodeVideo, type VideoWriter } from '@twnet/node/video/encode-video';
import { encodeClip } from '@twnet/node/video/recode-clip';
import type { Size } from '@twnet/node/video/scaling';

export interface Coding {
  readonly codec: ClipCodec;
  /** MPEG-4: the quantiser, 1 to 31; H.264 and HEVC: the CRF, 0 to 51. Smaller is finer. */
  readonly quality: number;
}

const FINEST: Readonly<Record<ClipCodec, number>> = { mpeg4: 1, h264: 0, hevc: 0 };
const COARSEST: Readonly<Record<ClipCodec, number>> = { mpeg4: 31, h264: 51, hevc: 51 };

/** `mpeg4:10`, `h264:34`, `hevc:34`. @throws InputError */
export function parseCoding(text: string): Coding {
  const [name, number, ...more] = text.split(':');
  const codec = CLIP_CODECS.find((each) => each === name);
  const quality = /^\d+$/.test(number ?? '') ? Number(number) : Number.NaN;
  if (!codec || more.length > 0 || !(quality >= FINEST[codec] && quality <= COARSEST[codec]))
    throw new InputError(
      `“${text}” is no coding; give CODEC:QUALITY, such as mpeg4:10 (1 to 31), h264:34 or hevc:34 (0 to 51)`,
    );
  return { codec, quality };
}

/** `MPEG-4 at quantiser 10`. */
export function codingName({ codec, quality }: Coding): string {
  const names = { mpeg4: 'MPEG-4 at quantiser', h264: 'H.264 at crf', hevc: 'HEVC at crf' };
  return `${names[codec]} ${quality}`;
}

/**
 * A labelled clip (planar 8-bit RGB) as a raw stream, as training's clips and `benchmark clip` have theirs: an I-frame
 * every `gop`, P-frames between. Its length is all that it takes to send.
 *
 * @throws InputError for pictures that the codec does not take
 */
export function clipStream(
  frames: readonly Uint8Array[],
  { width, height, coding, gop }: Size & { readonly coding: Coding; readonly gop: number },
): Uint8Array {
  if (!fitsCodec(coding.codec, width, height))
    throw new InputError(`${codingName(coding)}: its encoder takes no pictures of ${width}×${height}`);
  return encodeClip(frames, { width, height, gop, ...coding });
}

export interface RecodingOptions extends Size {
  readonly coding: Coding;
  readonly gop: number;
  readonly frameRate: number;
}

/** The same structure in a file, for videos of any length: open it, write frames, finish. */
export function recodingTo(output: string, { coding, gop, ...size }: RecodingOptions): Promise<VideoWriter> {
  return encodeVideo({ output, ...size, ...encodingOf(coding, gop) });
}

/** Matroska holds every codec. */
export const RECODED = 'mkv';

function encodingOf({ codec, quality }: Coding, gop: number): Partial<EncodeOptions> {
  if (codec === 'mpeg4') return { codec, quality, gop };
  if (codec === 'h264') return { codec, quality, gop, encoder: { options: { sc_threshold: '0' } } };
  const structure = `log-level=none:keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0`;
  const options = { preset: 'veryfast', crf: String(quality), 'x265-params': structure };
  return { gop, encoder: { name: 'libx265', options } };
}
