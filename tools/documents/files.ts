/** Where the documents, their measurements and pictures lie. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const DOCS = join(ROOT, 'docs');
export const MEASUREMENTS = join(DOCS, 'measurements');
/** Where `results.md` and the report's pictures lie. */
export const RESEARCH = join(DOCS, 'research');
export const RESULTS = join(RESEARCH, 'results.md');

/** Documents with markers, relative to the root; `docs/research/results.md` and `docs/reference` are made as a whole. */
export function documents(): string[] {
  const docs = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !/^(research\/results\.md|reference\/)/.test(name))
    .map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...docs.sort()];
}
