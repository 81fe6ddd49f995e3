/** The classes of a network: names and colours, from files of several kinds. */
import { CLASS_TABLES } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';

type Colour = [number, number, number];

export interface ImportedClasses {
  readonly names: readonly string[];
  readonly palette: readonly Colour[];
}

const MOST = 255;
const LONGEST_NAME = 100;
/** A class that is drawn black where nothing else is said. */
const BACKGROUND = /^(_?_?background_?_?|void|unlabell?ed|other)$/i;

const KINDS =
  'a list of names, a list of { "name", "color" }, an object from ids to names, or a Hugging Face config.json with id2label';

/** The classes of a data set that twnet knows by name. */
export function knownClasses(name: string): ImportedClasses | undefined {
  const table = Object.hasOwn(CLASS_TABLES, name) ? CLASS_TABLES[name] : undefined;
  return table && { names: table.classes, palette: table.palette.map(([r, g, b]) => [r, g, b]) };
}

/** Names for classes that nobody named. */
export function unnamedClasses(count: number): ImportedClasses {
  return withColours(Array.from({ length: count }, (_, id) => ({ name: `class ${id}` })));
}

/**
 * Parses a file of classes: JSON that is one of four kinds.
 *
 * @param path of the file, for errors
 * @throws InputError
 */
export function parseClasses(text: string, path: string): ImportedClasses {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not JSON; classes are ${KINDS}`);
  }
  const entries = entriesOf(parsed);
  if (!entries) throw new InputError(`${path}: holds no classes; they are ${KINDS}`);
  if (entries.length < 2 || entries.length > MOST)
    throw new InputError(`${path}: has ${entries.length} classes; there must be 2 to ${MOST}`);
  const names = new Set<string>();
  for (const [id, { name }] of entries.entries()) {
    if (name === undefined || name === '') throw new InputError(`${path}: class ${id} has no name`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (name.length > LONGEST_NAME || /[\u0000-\u001f\u007f-\u009f]/.test(name) || name === '__proto__')
      throw new InputError(`${path}: ${JSON.stringify(name.slice(0, LONGEST_NAME))} is no name for a class`);
    if (names.has(name)) throw new InputError(`${path}: has the class ${JSON.stringify(name)} twice`);
    names.add(name);
  }
  return withColours(entries as readonly { name: string; colour?: Colour }[]);
}

interface Entry {
  readonly name?: string;
  readonly colour?: Colour;
}

function entriesOf(parsed: unknown): Entry[] | undefined {
  if (Array.isArray(parsed)) return listed(parsed);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { id2label, classes } = parsed as { id2label?: unknown; classes?: unknown };
  if (Array.isArray(classes)) return listed(classes);
  return byId(typeof id2label === 'object' && id2label !== null ? id2label : parsed);
}

function listed(list: readonly unknown[]): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const [index, value] of list.entries()) {
    if (typeof value === 'string') entries[index] = { name: value };
    else if (typeof value !== 'object' || value === null) return undefined;
    else {
      const { name, id = index, color, colour = color } = value as Record<string, unknown>;
      if (typeof name !== 'string' || !Number.isInteger(id) || (id as number) < 0 || (id as number) >= MOST)
        return undefined;
      entries[id as number] = { name, colour: colourOf(colour) };
    }
  }
  // Ids that were left out are holes.
  return Array.from(entries, (entry) => entry ?? {});
}

function byId(object: object): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const [id, name] of Object.entries(object)) {
    if (!/^\d{1,3}$/.test(id) || typeof name !== 'string') return undefined;
    entries[Number(id)] = { name };
  }
  return Array.from(entries, (entry) => entry ?? {});
}

/** `[r, g, b]` or `#rrggbb`; undefined for what is neither. */
function colourOf(value: unknown): Colour | undefined {
  const hex = typeof value === 'string' ? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value) : null;
  const parts = hex ? hex.slice(1).map((part) => Number.parseInt(part, 16)) : value;
  const isColour =
    Array.isArray(parts) &&
    parts.length === 3 &&
    parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return isColour ? (parts as Colour) : undefined;
}

/** Colours of their own, or those of a known table of the same names, or PASCAL VOC's. */
function withColours(
  entries: readonly { readonly name: string; readonly colour?: Colour }[],
): ImportedClasses {
  const names = entries.map(({ name }) => name);
  const known = Object.values(CLASS_TABLES).find(({ classes }) => classes.join('\n') === names.join('\n'));
  const first = BACKGROUND.test(names[0]) ? 0 : 1;
  return {
    names,
    palette: entries.map(({ colour }, id) => {
      if (colour) return colour;
      if (!known) return vocColour(id + first);
      const [r, g, b] = known.palette[id];
      return [r, g, b];
    }),
  };
}

/** PASCAL VOC's colour map: the bits of the number in turn to red, green and blue, the highest of each first. */
function vocColour(index: number): Colour {
  const colour: Colour = [0, 0, 0];
  for (let bits = index, place = 7; bits > 0; bits >>= 3, place--)
    for (const channel of [0, 1, 2] as const) colour[channel] |= ((bits >> channel) & 1) << place;
  return colour;
}
