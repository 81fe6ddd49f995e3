/** One's own data: `images/<split>/…`, `labels/<split>/…` of the same names, and `classes.json`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassTable, IGNORE_LABEL } from '@twnet/core/classes';
import { InputError, messageOf } from '@twnet/core/errors';
import { colourKey, idCoding, type LabelCoding } from '@twnet/node/images/label-coding';
import { z } from 'zod';
import { type Layout, SPLITS, type Split } from './data-set.js';
import { eitherHistory, folderHistory, videoHistory } from './history.js';
import { isFolder, pairFolders, sequenceAndFrame, stem } from './listing.js';

const CHANNEL = z.int().min(0).max(255);
const COLOUR = z.tuple([CHANNEL, CHANNEL, CHANNEL]);

const CLASSES = z.strictObject({
  name: z.string().min(1),
  /** In the order of their ids. */
  classes: z
    .array(z.strictObject({ name: z.string().min(1), colour: COLOUR }))
    .min(2)
    .max(255),
  /** What label files hold. */
  labels: z.enum(['ids', 'colours']).default('ids'),
  /** Values (or colours) that are not scored; the value 255 never is. */
  ignore: z.array(z.union([CHANNEL, COLOUR])).default([]),
});

const FILE = 'classes.json';

export async function openPlainFolders(folder: string): Promise<Layout> {
  const { table, coding } = await readClasses(join(folder, FILE));
  const splits: Split[] = [];
  for (const split of SPLITS) if (await isFolder(join(folder, 'images', split))) splits.push(split);
  const sequences = join(folder, 'sequences');
  return {
    kind: 'folders',
    folder,
    classes: table,
    splits,
    list: async (split) => {
      const { pairs, unpaired } = await pairFolders(
        join(folder, 'images', split),
        join(folder, 'labels', split),
        stem,
        stem,
      );
      const stills = pairs.map(({ key, image, label }) => ({
        name: `${key.replaceAll('/', '_')}.png`,
        ...sequenceAndFrame(key),
        imagePath: image,
        labelPath: label,
        coding,
      }));
      return { stills, unpaired };
    },
    history: eitherHistory(
      (await isFolder(sequences)) ? folderHistory(sequences) : undefined,
      await videoHistory(join(folder, 'videos')),
    ),
  };
}

/** Reads `classes.json`: the class table, and how label files are coded. */
async function readClasses(path: string): Promise<{ table: ClassTable; coding: LabelCoding }> {
  const { name, classes, labels, ignore } = await parseClasses(path);
  const table = {
    name,
    classes: classes.map((each) => each.name),
    palette: classes.map((each) => each.colour),
  };
  const twice = table.classes.find((each, index) => table.classes.indexOf(each) !== index);
  if (twice !== undefined) throw new InputError(`${path}: names the class '${twice}' twice`);
  if (labels === 'ids') {
    const values = ignore.filter((each) => typeof each === 'number');
    const coding = idCoding(
      [
        ...values.map((value) => [value, IGNORE_LABEL] as const),
        ...classes.map((_, id) => [id, id] as const),
      ],
      `${FILE} has the classes 0 to ${classes.length - 1}${values.length > 0 ? `, and ${values.join(', ')} ignored` : ''}`,
      table.palette,
    );
    return { table, coding };
  }
  const trainIds = new Map<number, number>();
  for (const colour of ignore)
    if (typeof colour !== 'number') trainIds.set(colourKey(...colour), IGNORE_LABEL);
  for (const [id, { name: each, colour }] of classes.entries()) {
    if (trainIds.has(colourKey(...colour)))
      throw new InputError(`${path}: the colour (${colour.join(', ')}) of '${each}' is used twice`);
    trainIds.set(colourKey(...colour), id);
  }
  return { table, coding: { kind: 'colours', trainIds, allowed: `the colours are those of ${FILE}` } };
}

async function parseClasses(path: string): Promise<z.infer<typeof CLASSES>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${messageOf(error)}; docs/guide/data.md shows one`);
  }
  const result = CLASSES.safeParse(value);
  if (result.success) return result.data;
  const [{ path: keys, message }] = result.error.issues;
  throw new InputError(`${path}: ${keys.join('.') || 'the whole'}: ${message}; docs/guide/data.md shows one`);
}
