/**
 * `npm run reference`: docs/reference from the docstrings of what the package exports, a page a subpath; with `--check`,
 * a failure where it says something else.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '..', '..');
const REFERENCE = join(ROOT, 'docs', 'reference');

if (!existsSync(join(HERE, 'node_modules', 'typedoc')))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });

function write(folder: string): void {
  const typedoc = join(HERE, 'node_modules', 'typedoc', 'bin', 'typedoc');
  execFileSync(process.execPath, [typedoc, '--options', join(HERE, 'typedoc.json'), '--out', folder], {
    cwd: HERE,
    stdio: 'inherit',
  });
}

/** Pages by their names. */
function pagesOf(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-reference-'));
  try {
    write(folder);
    const [now, then] = [pagesOf(folder), pagesOf(REFERENCE)];
    const stale = [...new Set([...now.keys(), ...then.keys()])].filter(
      (name) => now.get(name) !== then.get(name),
    );
    for (const name of stale)
      console.error(
        `${relative(ROOT, join(REFERENCE, name))}: is not what the code says; run npm run reference`,
      );
    if (stale.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else write(REFERENCE);
