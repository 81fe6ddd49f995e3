import { readFileSync } from 'node:fs';

/** The version of this package. */
export function ownVersion(): string {
  // Two folders up from src/files as from dist/files.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
