/** Values of command-line options, checked where they enter. */
import { LARGEST_SCALE } from '@twnet/core/network/working-size';
import { InvalidArgumentError, Option } from 'commander';

/** A number as one writes it: no empty text, no hexadecimal or binary digits, no Infinity, none that is lost to rounding. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i;

/** NaN for what is no decimal number. */
export function decimal(text: string): number {
  const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
}

export function wholeNumber(text: string): number {
  const value = decimal(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number, 0 or above.');
  return value;
}

export function positiveInteger(text: string): number {
  const value = decimal(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

/** Every group of pictures at a time has networks of its own in memory. */
const MOST_GROUPS = 64;

export function groupsAtATime(text: string): number {
  const value = positiveInteger(text);
  if (value > MOST_GROUPS) throw new InvalidArgumentError(`It must be at most ${MOST_GROUPS}.`);
  return value;
}

export function nonNegative(text: string): number {
  const value = decimal(text);
  if (!Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number, 0 or above.');
  return value;
}

/** Pixels of a picture's longer side. */
export function pictureSide(text: string): number {
  const value = decimal(text);
  if (!Number.isInteger(value) || value < 16)
    throw new InvalidArgumentError('It must be a whole number of pixels, at least 16.');
  return value;
}

/** A share above 0, at most 1. */
export function positiveShare(text: string): number {
  const value = decimal(text);
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be above 0 and at most 1, such as 0.5.');
  return value;
}

/** `auto`, or a share above 0; how large one may be depends on the model. */
export function workingScale(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const value = decimal(text);
  if (!(value > 0 && value <= LARGEST_SCALE))
    throw new InvalidArgumentError(`It must be auto, or above 0 and at most ${LARGEST_SCALE}, such as 0.5.`);
  return value;
}

/** A share, 0 and 1 included. */
export function share(text: string): number {
  const value = decimal(text);
  if (!(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1, such as 0.5.');
  return value;
}

export function warpLayer(text: string): 1 | 2 | 3 {
  if (text === '1' || text === '2' || text === '3') return Number(text) as 1 | 2 | 3;
  throw new InvalidArgumentError('It must be 1, 2 or 3.');
}

/** `1280x720`, even sides of at least 32. */
export function evenSize(text: string): { width: number; height: number } {
  const match = /^(\d+)x(\d+)$/.exec(text);
  const [width, height] = match ? match.slice(1).map(Number) : [0, 0];
  if (width < 32 || height < 32 || width % 2 === 1 || height % 2 === 1) {
    throw new InvalidArgumentError('It must be like 1280x720, even and at least 32x32.');
  }
  return { width, height };
}

/** Values with commas between, each once. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const parts = [...new Set(text.split(',').map((part) => part.trim()))];
    return parts.map(parse);
  };
}

/** `--size <WxH>`; 480×360, CamVid's as it is trained on, unless given. */
export function sizeOption(description: string): Option {
  return new Option('--size <WxH>', description)
    .argParser(evenSize)
    .default({ width: 480, height: 360 }, '480x360');
}
