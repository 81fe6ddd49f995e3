/** Checks what a library call is given: plain JavaScript has no types to say that a name is mistyped. */
import { z } from 'zod';
import { InputError } from '../errors.js';
import { allowed } from './allowed.js';
import { nearest } from './nearest.js';

/**
 * @param call that was given the options, for the error: `segmentVideo`
 * @param schema a strict object: keys that it does not have are errors
 * @throws InputError one line: the call, the option, what it may be; for an unknown one the nearest
 */
export function checkOptions(call: string, schema: z.ZodObject, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InputError(`${call}: the options must be an object, not ${shown(options)}`);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const result = schema.safeParse(given);
  if (result.success) return;
  const [issue] = result.error.issues;
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((path.reduce(inner, schema) as z.ZodObject).shape ?? {});
    const near = nearest(issue.keys[0], known);
    const meant = near === undefined ? '' : `; did you mean ${[...path, near].join('.')}?`;
    throw new InputError(
      `${call}: there is no option ${[...path, issue.keys[0]].join('.')}${meant}; they are ${known.join(', ')}`,
    );
  }
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], given);
  const near =
    issue.code === 'invalid_value' && typeof value === 'string'
      ? nearest(value, issue.values.map(String))
      : undefined;
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  const not = value === undefined ? '' : `, not ${shown(value)}`;
  throw new InputError(`${call}: ${path.join('.')} ${allowed(issue)}${not}${meant}`);
}

/** The schema of a key, out of what makes it optional. */
function inner(schema: unknown, key: string): unknown {
  let at = (schema as z.ZodObject).shape?.[key] as z.ZodType | undefined;
  while (at instanceof z.ZodOptional) at = at.unwrap() as z.ZodType;
  return at;
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** An `AbortSignal`, of whatever realm. */
export const signalOption = z.custom<AbortSignal>(
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
  'must be an AbortSignal',
);

export const callbackOption = z.custom<(...values: never[]) => void>(
  (value) => typeof value === 'function',
  'must be a function',
);
