/** Where the documents, their measurements and pictures lie. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const DOCS = join(ROOT, 'docs');
export const MEASUREMENTS = join(DOCS, 'measurements');
export const RESULTS = join(DOCS, 'results.md');

/** Documents with markers, relative to the root; `docs/results.md` is made as a whole. */
export function documents(): string[] {
  const docs = readdirSync(DOCS)
    .filter((name) => name.endsWith('.md') && name !== 'results.md')
    .map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...docs.sort()];
}
