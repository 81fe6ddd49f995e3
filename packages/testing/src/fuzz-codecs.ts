/** The codecs of which damaged files are read, how their files are made, and what is reported. */
import type { EncodeOptions } from '@twnet/node/video/encode-video';

export interface FuzzReport {
  readonly files: number;
  /** Refused with an InputError. */
  readonly refused: number;
  /** Read without a loss noted, and with. */
  readonly whole: number;
  readonly damaged: number;
  readonly frames: number;
  /** Longest time for one file, milliseconds. */
  readonly slowest: number;
  /** Resident memory after a fifth of the files and at the end, MiB. */
  readonly memoryEarly: number;
  readonly memoryLate: number;
  /** Anything thrown that is no InputError: one line each. */
  readonly failures: readonly string[];
}

/** The files of a codec: endings, and how each is encoded. */
export const FUZZED_FILES: Record<string, readonly (Partial<EncodeOptions> & { readonly ending: string })[]> =
  {
    mpeg4: [{ ending: 'mp4' }, { ending: 'avi' }, { ending: 'mkv', encoder: { options: { bf: '2' } } }],
    h264: [
      { ending: 'mp4', codec: 'h264' },
      { ending: 'ts', codec: 'h264', encoder: { options: { bf: '2' } } },
      { ending: 'h264', codec: 'h264' },
    ],
    hevc: ['mp4', 'mkv', 'hevc'].map((ending) => ({
      ending,
      encoder: {
        name: 'libx265',
        options: { preset: 'ultrafast', 'x265-params': 'log-level=none', crf: '12' },
      },
    })),
    vp8: ['webm', 'ivf'].map((ending) => ({
      ending,
      encoder: { name: 'libvpx', options: { 'cpu-used': '8', crf: '8', b: '2M' } },
    })),
    vp9: ['webm', 'ivf'].map((ending) => ({
      ending,
      encoder: { name: 'libvpx-vp9', options: { 'cpu-used': '8', crf: '8', b: '2M' } },
    })),
    av1: ['mp4', 'obu'].map((ending) => ({
      ending,
      encoder: { name: 'libsvtav1', options: { preset: '12', crf: '10' } },
    })),
    mpeg2video: ['mpg', 'ts', 'mkv'].map((ending) => ({
      ending,
      encoder: { name: 'mpeg2video', options: { b: '4M', bf: '2' } },
    })),
    ffv1: ['mkv', 'avi'].map((ending) => ({ ending, encoder: { name: 'ffv1' } })),
  };

export const FUZZED_CODECS: readonly string[] = Object.keys(FUZZED_FILES);
