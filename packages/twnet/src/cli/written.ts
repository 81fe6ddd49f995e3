/** What a command has written, named at its end: as lines for a person, in --json as `outputs`. */
import { readdirSync, statSync } from 'node:fs';
import { MANIFEST_FILE } from '@twnet/node/files/manifest';

export interface WrittenOutput {
  readonly path: string;
  /** What it is, such as `overlay video`. */
  readonly what: string;
  /** Frames or pictures in it. */
  readonly frames?: number;
  /** Of its pictures, pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Files in it, where it is a folder. */
  readonly files?: number;
  /** Its size, where it is a file. */
  readonly bytes?: number;
}

/** An output as it is on the disk now. */
export function written(
  path: string,
  what: string,
  of: Pick<WrittenOutput, 'frames' | 'width' | 'height'> = {},
): WrittenOutput {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return { path, what, ...of, bytes: stat.size };
    if (stat.isDirectory()) {
      const files = readdirSync(path).filter((name) => name !== MANIFEST_FILE).length;
      return { path, what, ...of, files };
    }
  } catch {
    // Removed by somebody, or a stream.
  }
  return { path, what, ...of };
}

/** `wrote overlay.mp4: overlay video, 250 frames of 960×540, 3.1 MB`. */
export function writtenLine({ path, what, frames, width, height, files, bytes }: WrittenOutput): string {
  const size = width === undefined ? '' : ` of ${width}×${height}`;
  const parts = [
    what,
    ...(frames === undefined ? [] : [`${frames} ${frames === 1 ? 'frame' : 'frames'}${size}`]),
    ...(files === undefined ? [] : [`${files} ${files === 1 ? 'file' : 'files'}`]),
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
  ];
  return `wrote ${path}: ${parts.join(', ')}`;
}

export function writtenLines(outputs: readonly WrittenOutput[]): string {
  return outputs.map((output) => `${writtenLine(output)}\n`).join('');
}

function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} bytes`;
}
