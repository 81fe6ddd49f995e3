/** The options of `twnet live`. */
import { LATE_POLICIES, type LatePolicy } from '@twnet/core/live/live-frame';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { modelOption } from '../model-option.js';
import { listOf, nonNegative, pictureSide, positiveInteger, share, workingScale } from '../option-values.js';
import { forceOption } from '../output-option.js';
import { type RuleSpec, ruleOption } from './rule-option.js';

export interface LiveFlags {
  // What is written.
  readonly output?: string;
  readonly segment?: number;
  readonly labels?: string;
  readonly opacity?: number;
  readonly legend: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  // What is shown and told.
  readonly serve?: string | true;
  readonly token?: string;
  readonly rule?: readonly RuleSpec[];
  readonly events?: string;
  readonly webhook?: string;
  readonly mqtt?: string;
  // The sources.
  readonly names?: readonly string[];
  readonly transport?: 'tcp' | 'udp';
  readonly format?: string;
  readonly timeout?: number;
  readonly reconnect?: boolean;
  readonly for?: number;
  readonly stream?: number;
  readonly allowPlaylists?: boolean;
  readonly scale?: number | 'auto';
  readonly maxSide?: number;
  // How they are labelled.
  readonly model?: string;
  readonly late?: LatePolicy;
  readonly maxWait?: number;
  readonly interval?: number;
  readonly threads?: number;
}

export function addLiveOptions(command: Command): Command {
  return addMethodOptions(addSourceOptions(addEventOptions(addOutputOptions(command))));
}

function addOutputOptions(command: Command): Command {
  return command
    .option(
      '-o, --output <video>',
      'record with the labels drawn over it (.mp4, .mkv, .mov, .ts); %03d numbers segments',
    )
    .option(
      '--segment <time>',
      'length of a segment, where -o has a number in it: 60s, 10m, 1h (default: 60s)',
      duration,
    )
    .option('--labels <dir>', 'write labels into this folder as they come: a PNG a frame, and frames.jsonl')
    .option('--opacity <share>', 'share of the colours in recordings, 0 to 1 (default: 0.5)', share)
    .option('--no-legend', 'without the names of the classes along the lower edge')
    .addOption(forceOption())
    .option('--json', 'print what happens as lines of JSON');
}

function addEventOptions(command: Command): Command {
  return command
    .option(
      '--serve [address]',
      'show pictures, labels and figures in a browser, :8080 unless given; beyond this machine, as with 0.0.0.0:8080, with a token',
    )
    .option(
      '--token <token>',
      'that whoever looks must have (default beyond this machine: a new one, printed)',
    )
    .option(
      '--rule <rule>',
      'tell when classes cover more than a share of the picture, door:pedestrian+bicyclist:0.02, or of a region of it, …@0.1,0.2:0.9,0.2:0.5,1; …~2s: for so long; front/…: of one source; may be given again',
      ruleOption,
    )
    .option('--events <file>', 'append what rules tell as lines of JSON')
    .option('--webhook <address>', 'post what rules tell as JSON')
    .option('--mqtt <address>', 'publish what rules tell: mqtt://broker/prefix');
}

function addSourceOptions(command: Command): Command {
  return command
    .option('--names <names>', 'what the sources are called, in their order: front,back', listOf(cameraName))
    .option('--for <time>', 'end after this time: 60s, 10m, 1h', duration)
    .option(
      '--reconnect',
      'open sources again that are lost or have ended (default: network addresses, not files)',
    )
    .option('--no-reconnect', 'end when a source is lost')
    .option('--timeout <seconds>', 'a source without a frame for so long is lost (default: 10)', aboveZero)
    .addOption(
      new Option('--transport <transport>', 'what RTSP comes by (default: tcp)').choices(['tcp', 'udp']),
    )
    .option('--format <format>', 'the sources are devices: v4l2 for webcams on Linux')
    .option('--stream <index>', 'which stream, as ffprobe counts them (default: the best video)', nonNegative)
    .option('--allow-playlists', 'open playlists that are files')
    .option(
      '--scale <share>',
      'work on pictures of this share of the width and height, or auto (default: auto)',
      workingScale,
    )
    .option(
      '--max-side <pixels>',
      'work on pictures of at most so many pixels on the longer side',
      pictureSide,
    );
}

function addMethodOptions(command: Command): Command {
  return command
    .addOption(modelOption())
    .addOption(
      new Option(
        '--late <policy>',
        'what is done with frames while the network is busy: warp, carry the last labels along the vectors; skip, leave them out; wait, read no further, as only files can (default: warp)',
      ).choices(LATE_POLICIES),
    )
    .option(
      '--max-wait <ms>',
      'milliseconds that a frame may wait for the network to label it (default: 200)',
      nonNegative,
    )
    .option(
      '--interval <n>',
      'with --late wait: the network labels every n-th frame, and I-frames (default: I-frames)',
      positiveInteger,
    )
    .option('--threads <n>', 'of the network (default: all cores but one; of two both)', positiveInteger);
}

const UNITS = { '': 1, ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 } as const;

/** `60s`, `10m`, `1h`, `90`: seconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|)$/.exec(text.trim()) ?? [];
  const seconds = number === undefined ? 0 : Number(number) * UNITS[unit as keyof typeof UNITS];
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a time such as 60s, 10m or 1h.');
  return seconds;
}

function aboveZero(text: string): number {
  const value = nonNegative(text);
  if (value === 0) throw new InvalidArgumentError('It must be above 0.');
  return value;
}

/** They are parts of files' names. */
function cameraName(text: string): string {
  if (!/^[\w-][\w.-]{0,63}$/.test(text))
    throw new InvalidArgumentError('Names are of letters, digits, - and _.');
  return text;
}
