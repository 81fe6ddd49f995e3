/** How a stream is coded for a measurement: codec and quality, and the files that come of it. */
import { statSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import { type EncodeOptions, encodeVideo } from '@twnet/node/video/encode-video';
import type { Size } from '@twnet/node/video/scaling';

export const CODECS = ['mpeg4', 'h264', 'hevc'] as const;
export type Codec = (typeof CODECS)[number];

export interface Coding {
  readonly codec: Codec;
  /** MPEG-4: the quantiser, 1 to 31; H.264 and HEVC: the CRF, 0 to 51. Smaller is finer. */
  readonly quality: number;
}

const FINEST: Readonly<Record<Codec, number>> = { mpeg4: 1, h264: 0, hevc: 0 };
const COARSEST: Readonly<Record<Codec, number>> = { mpeg4: 31, h264: 51, hevc: 51 };

/** `mpeg4:10`, `h264:34`, `hevc:34`. @throws InputError */
export function parseCoding(text: string): Coding {
  const [name, number, ...more] = text.split(':');
  const codec = CODECS.find((each) => each === name);
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

/** The paper's structure whatever the codec: an I-frame every `gop`, P-frames between, no cuts of the encoder's own. */
export function encodingOf({ codec, quality }: Coding, gop: number): Partial<EncodeOptions> {
  if (codec === 'mpeg4') return { codec, quality, gop };
  if (codec === 'h264') return { codec, quality, gop, encoder: { options: { sc_threshold: '0' } } };
  const structure = `log-level=none:keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0`;
  const options = { preset: 'veryfast', crf: String(quality), 'x265-params': structure };
  return { gop, encoder: { name: 'libx265', options } };
}

export interface StreamSettings extends Size {
  readonly coding: Coding;
  /** Frames from one I-frame to the next. */
  readonly gop: number;
  /** Frames a second; default 15, CamVid's clip. */
  readonly frameRate?: number;
}

/** Matroska holds every codec, and says little beside it. */
export const STREAM_ENDING = 'mkv';

/**
 * Encodes pictures (planar 8-bit RGB) as a file.
 *
 * @returns its bytes, the container's few included
 */
export async function encodeStream(
  output: string,
  frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { width, height, coding, gop, frameRate = 15 }: StreamSettings,
): Promise<number> {
  await using writer = await encodeVideo({ output, width, height, frameRate, ...encodingOf(coding, gop) });
  for await (const pixels of frames) await writer.write(pixels);
  await writer.finish();
  return statSync(output).size;
}
