/** Reads configurations: presets laid under one's own keys, and errors that name the key and what is allowed. */
import type { z } from 'zod';
import { InputError } from '../errors.js';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Checks a configuration and fills in the defaults. Every key of `schema` has a default, objects too.
 *
 * @throws InputError one line: the source, the key's path, what is wrong, what is allowed
 */
export function parseConfig<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  if (!isTree(value)) throw new InputError(`${source}: must hold an object of keys, such as {"steps": 100}`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problem = describeIssue(result.error.issues[0], value, schema.parse({}) as Tree);
  throw new InputError(`${source}: ${problem}`);
}

/** `over` laid over `base`, object by object. */
export function mergeConfig(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? mergeConfig(below, value) : value;
  }
  return merged;
}

/** What two configurations differ in: `key: value of the first, value of the second`. */
export function configDifferences(first: unknown, second: unknown, path = ''): string[] {
  if (isTree(first) && isTree(second)) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    return [...keys].flatMap((key) =>
      configDifferences(first[key], second[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const [a, b] = [first, second].map((value) => JSON.stringify(value) ?? 'not set');
  return a === b ? [] : [`${path}: ${a}, ${b}`];
}

/** The nearest of `known` to a mistyped word; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, Math.floor(word.length * 0.4)) ? best.name : undefined;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function describeIssue(issue: z.core.$ZodIssue, value: Tree, defaults: Tree): string {
  const path = issue.path.map(String);
  const key = path.join('.');
  if (issue.code === 'unrecognized_keys') return unknownKey([...path, issue.keys[0]], defaults);
  const given = JSON.stringify(at(value, path));
  return `${key}: ${given === undefined ? '' : `${shortened(given)} is not allowed; `}${allowed(issue)}${hint(issue, at(value, path))}`;
}

/** What a key may hold, in words. */
function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be one of ${issue.values.map((each) => JSON.stringify(each)).join(', ')}`;
    case 'too_small':
      return `must ${issue.origin === 'array' ? 'have' : 'be'} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `must ${issue.origin === 'array' ? 'have' : 'be'} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? `of type ${issue.expected}`}`;
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object of keys',
  array: 'a list',
  tuple: 'a list',
};

function hint(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code !== 'invalid_value' || typeof given !== 'string') return '';
  const near = nearest(given, issue.values.map(String));
  return near ? `; did you mean "${near}"?` : '';
}

function unknownKey(path: readonly string[], defaults: Tree): string {
  const parent = path.slice(0, -1);
  const word = path[path.length - 1];
  const siblings = Object.keys((at(defaults, parent) as Tree | undefined) ?? {});
  // A key of this level first; else one of that name elsewhere.
  const elsewhere = keyPaths(defaults).find((each) => each.split('.').at(-1) === word);
  const near = nearest(word, siblings);
  const meant = near ? [...parent, near].join('.') : elsewhere;
  const level = parent.length > 0 ? `the keys of ${parent.join('.')}` : 'the keys';
  return `${path.join('.')}: there is no such key${meant ? `; did you mean ${meant}?` : ''}; ${level} are ${siblings.join(', ')}`;
}

function keyPaths(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => [
    prefix + key,
    ...(isTree(value) ? keyPaths(value, `${prefix}${key}.`) : []),
  ]);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** Insertions, deletions and replacements that turn one word into the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  return row[b.length];
}
