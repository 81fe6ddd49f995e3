/** The videos that a person names: files, folders, patterns, and what lies below a place in a bucket. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { below, isBucket, type Location, storageOf } from './storage.js';

/** What files are called that are taken for videos where a folder is named. */
const VIDEO =
  /\.(mp4|m4v|mov|mkv|webm|avi|ts|m2ts|mts|mpg|mpeg|vob|flv|ogv|wmv|3gp|mxf|nut|h264|264|hevc|265|ivf|obu)$/i;
const PATTERN = /[*?[]/;

export interface FoundVideo {
  readonly source: Location;
  /** What results are called after: its path below what was named, without its ending. */
  readonly name: string;
}

/** @throws InputError for what is missing, and folders without videos */
export async function* findVideos(named: readonly string[], out: Location): AsyncGenerator<FoundVideo> {
  for (const source of named) {
    let any = false;
    for await (const found of findIn(source)) {
      // What twnet wrote is nothing to start from.
      if (found.source.startsWith(`${out.replace(/\/+$/, '')}/`)) continue;
      any = true;
      yield found;
    }
    if (!any) throw new InputError(`${source}: there is no video`);
  }
}

async function* findIn(source: string): AsyncGenerator<FoundVideo> {
  if (isBucket(source)) {
    const storage = await storageOf(source);
    if (!source.endsWith('/') && (await storage.stat(source)))
      yield { source, name: nameOf(source.split('/').pop()!) };
    else yield* filesBelow(source.replace(/\/+$/, ''), () => true);
    return;
  }
  const path = resolve(source);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) yield* filesBelow(path, () => true);
  else if (found) yield { source: path, name: nameOf(basename(path)) };
  else if (PATTERN.test(source)) yield* filesBelow(baseOf(path), matcher(path));
  else throw new InputError(`${source}: no such file`);
}

async function* filesBelow(
  folder: Location,
  fits: (location: Location) => boolean,
): AsyncGenerator<FoundVideo> {
  for await (const { location } of (await storageOf(folder)).list(folder)) {
    const inFolder = location
      .slice(folder.length)
      .replace(/^[\\/]+/, '')
      .replaceAll(sep, '/');
    const isHidden = inFolder.split('/').some((part) => part.startsWith('.'));
    if (VIDEO.test(location) && !isHidden && fits(location))
      yield { source: location, name: nameOf(inFolder) };
  }
}

const nameOf = (file: string) => file.replace(/(?<=.)\.[^./]*$/, '');

/** The folder below which all is that a pattern names. */
function baseOf(pattern: string): string {
  let folder = pattern;
  while (PATTERN.test(folder)) folder = dirname(folder);
  return folder;
}

/** `*` and `?` stay within a folder, `**` does not. */
function matcher(pattern: string): (location: Location) => boolean {
  const source = pattern.replaceAll(sep, '/').replace(/\*\*\/?|[*?]|[.+^${}()|\\]/g, (part) => {
    if (part.startsWith('**')) return '(?:.*)';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  const expression = new RegExp(`^${source}$`);
  return (location) => expression.test(location.replaceAll(sep, '/'));
}

/** A place as jobs name it: machines have other current folders. */
export function absolute(place: string): Location {
  return isBucket(place) ? place.replace(/\/+$/, '') : resolve(place);
}

/** @throws InputError where two videos would have one name */
export async function* withNames(
  videos: AsyncIterable<FoundVideo>,
  out: Location,
): AsyncGenerator<FoundVideo> {
  const seen = new Map<string, string>();
  for await (const video of videos) {
    const before = seen.get(video.name);
    if (before !== undefined && before !== video.source)
      throw new InputError(
        `${before} and ${video.source} would both be written to ${isBucket(out) ? below(out, video.name) : join(out, video.name)}; submit them with different --out`,
      );
    if (before === undefined) yield video;
    seen.set(video.name, video.source);
  }
}
