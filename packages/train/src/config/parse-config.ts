/** Reads configurations: presets laid under one's own keys, and errors that name the key and what is allowed. */

import { InputError } from '@twnet/core/errors';
import { allowed } from '@twnet/core/options/allowed';
import { nearest } from '@twnet/core/options/nearest';
import type { z } from 'zod';

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

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function describeIssue(issue: z.core.$ZodIssue, value: Tree, defaults: Tree): string {
  const path = issue.path.map(String);
  const key = path.join('.');
  if (issue.code === 'unrecognized_keys') return unknownKey([...path, issue.keys[0]], defaults);
  const given = JSON.stringify(at(value, path));
  return `${key}: ${given === undefined ? '' : `${shortened(given)} is not allowed; `}${allowed(issue)}${hint(issue, at(value, path))}`;
}

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
