import { readFileSync } from 'node:fs';

/** The version of this package. */
export function ownVersion(): string {
  // The same way from the sources and from the build, which mirrors them.
  const text = readFileSync(new URL('../../../twnet/package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
