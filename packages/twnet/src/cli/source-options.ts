/** The options that say what of an input is read, the same for every command that reads a video. */
import { InputError } from '@twnet/core/errors';
import { type Command, InvalidArgumentError } from 'commander';
import { nonNegative } from './option-values.js';

/** What they hold; all but the end as {@link OpenVideoOptions} takes them. */
export interface SourceFlags {
  readonly start?: number;
  readonly duration?: number;
  readonly end?: number;
  readonly stream?: number;
  readonly allowPlaylists?: boolean;
}

/** Adds `--start`, `--end`, `--duration`, `--stream` and `--allow-playlists`. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('--start <seconds>', 'begin with the first frame shown at this time or later', nonNegative)
    .option('--end <seconds>', 'end before the first frame shown at this time or later', secondsAboveZero)
    .option('--duration <seconds>', 'end so many seconds after the start', secondsAboveZero)
    .option('--stream <index>', 'which stream, as ffprobe counts them (default: the best video)', streamIndex)
    .option('--allow-playlists', 'open playlists (HLS, DASH, ffconcat, SDP) and the files that they name');
}

/**
 * The part of a command's flags that opens the input.
 *
 * @throws InputError for an end that is none
 */
export function sourceOptions({
  start,
  duration,
  end,
  stream,
  allowPlaylists,
}: SourceFlags): Omit<SourceFlags, 'end'> {
  if (end === undefined) return { start, duration, stream, allowPlaylists };
  if (duration !== undefined) throw new InputError('--end and --duration: give one of them');
  if (end <= (start ?? 0)) throw new InputError(`--end ${end}: it must lie behind --start ${start ?? 0}`);
  return { start, duration: end - (start ?? 0), stream, allowPlaylists };
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
