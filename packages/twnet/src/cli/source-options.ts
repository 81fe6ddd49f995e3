/** The options that say what of an input is read, the same for every command that reads a video. */
import { type Command, InvalidArgumentError } from 'commander';
import { nonNegative } from './option-values.js';

/** What they hold; as {@link OpenVideoOptions} takes them. */
export interface SourceFlags {
  readonly start?: number;
  readonly duration?: number;
  readonly stream?: number;
  readonly allowPlaylists?: boolean;
}

/** Adds `--start`, `--duration`, `--stream` and `--allow-playlists`. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('--start <seconds>', 'begin with the first frame shown at this time or later', nonNegative)
    .option('--duration <seconds>', 'end so many seconds after the start', secondsAboveZero)
    .option('--stream <index>', 'which stream, as ffprobe counts them (default: the best video)', streamIndex)
    .option('--allow-playlists', 'open playlists (HLS, DASH, ffconcat, SDP) and the files that they name');
}

/** The part of a command's flags that opens the input. */
export function sourceOptions({ start, duration, stream, allowPlaylists }: SourceFlags): SourceFlags {
  return { start, duration, stream, allowPlaylists };
}

function secondsAboveZero(text: string): number {
  const value = nonNegative(text);
  if (value === 0) throw new InvalidArgumentError('It must be above 0.');
  return value;
}

function streamIndex(text: string): number {
  const value = nonNegative(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number, 0 or above.');
  return value;
}
