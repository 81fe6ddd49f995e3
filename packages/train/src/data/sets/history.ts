/** Where the frames before a labelled one are: pictures with numbers, or a video. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf } from '@twnet/core/errors';
import { z } from 'zod';
import type { StillFile } from '../camvid.js';
import { isFolder, listPictures, stem } from './listing.js';

/** A labelled still of a data set. */
export interface LabelledStill extends StillFile {
  /** Its number among the frames of its sequence; undefined where the name tells none. */
  readonly frame?: number;
}

/** The last frame is the labelled still's. */
export type ClipLocation =
  | { readonly kind: 'pictures'; readonly paths: readonly string[] }
  /** Frames `last − length + 1` to `last` of the video, counted from 0. */
  | { readonly kind: 'video'; readonly path: string; readonly last: number; readonly length: number };

/** Finds the clip of `length` frames that ends at a still; undefined where it is not all there. */
export interface History {
  readonly locate: (still: LabelledStill, length: number) => Promise<ClipLocation | undefined>;
}

/** Numbered pictures; `pathsOf` gives the picture of each frame of a still's sequence. */
export function pictureHistory(
  framesOf: (still: LabelledStill) => Promise<ReadonlyMap<number, string>>,
): History {
  return {
    locate: async (still, length) => {
      if (still.frame === undefined) return undefined;
      const frames = await framesOf(still);
      const paths: string[] = [];
      for (let frame = still.frame - length + 1; frame <= still.frame; frame++) {
        const path = frames.get(frame);
        if (path === undefined) return undefined;
        paths.push(path);
      }
      return { kind: 'pictures', paths };
    },
  };
}

const OFFSETS = z.record(
  z.string(),
  z.strictObject({ file: z.string().optional(), first: z.int().nonnegative().default(0) }),
);

/**
 * A folder of videos, one a sequence and named as it; frame 0 of the file is the sequence's frame 0 unless
 * `videos.json` beside them says otherwise: `{"0016E5": {"file": "0016E5.MXF", "first": 390}}`.
 *
 * @throws InputError when videos.json cannot be understood
 */
export async function videoHistory(folder: string): Promise<History | undefined> {
  if (!(await isFolder(folder))) return undefined;
  const videos = new Map(
    (await readdir(folder)).filter((name) => name !== 'videos.json').map((name) => [stem(name), name]),
  );
  const offsets = await readOffsets(join(folder, 'videos.json'));
  return {
    locate: async ({ sequence, frame }, length) => {
      const file = offsets[sequence]?.file ?? videos.get(sequence);
      const last = (frame ?? Number.NaN) - (offsets[sequence]?.first ?? 0);
      if (file === undefined || !(last - length + 1 >= 0)) return undefined;
      return { kind: 'video', path: join(folder, file), last, length };
    },
  };
}

async function readOffsets(path: string): Promise<z.infer<typeof OFFSETS>> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  try {
    return OFFSETS.parse(JSON.parse(text));
  } catch (error) {
    const said = error instanceof z.ZodError ? error.issues[0].message : messageOf(error);
    throw new InputError(
      `${path}: ${said}; expected {"<sequence>": {"file": "<name>", "first": <frame number>}}`,
    );
  }
}

/** Folders of numbered pictures, one a sequence, below `folder`. */
export function folderHistory(folder: string): History {
  let last: { sequence: string; frames: ReadonlyMap<number, string> } | undefined;
  return pictureHistory(async ({ sequence }) => {
    if (last?.sequence !== sequence) {
      const place = join(folder, sequence);
      last = { sequence, frames: numbered(place, await listPictures(place)) };
    }
    return last.frames;
  });
}

/** Pictures by the number that ends their names. */
export function numbered(
  folder: string,
  names: readonly string[],
  numberOf = (name: string) => /(\d+)\.[^.]+$/.exec(name)?.[1],
): ReadonlyMap<number, string> {
  return new Map(
    names.flatMap((name) => {
      const number = numberOf(name);
      return number === undefined ? [] : [[Number(number), join(folder, name)] as const];
    }),
  );
}

/** The first of several histories that has the clip. */
export function eitherHistory(...histories: readonly (History | undefined)[]): History | undefined {
  const known = histories.filter((history) => history !== undefined);
  if (known.length === 0) return undefined;
  return {
    locate: async (still, length) => {
      for (const history of known) {
        const found = await history.locate(still, length);
        if (found) return found;
      }
      return undefined;
    },
  };
}
