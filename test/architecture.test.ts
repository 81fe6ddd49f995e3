/** The rules of docs/architecture.md that a program can check. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'src');
const LONGEST_FILE = 300;

/** The rooms that each room may import from; all may use those in SHARED. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  files: [],
  workers: [],
  kernels: [],
  options: [],
  video: [],
  motion: ['video'],
  graph: [],
  network: ['graph'],
  data: ['video', 'motion'],
  segment: ['video', 'motion', 'graph', 'network', 'data'],
  evaluate: ['video', 'motion', 'network', 'data', 'segment'],
  train: ['video', 'motion', 'graph', 'network', 'data', 'evaluate'],
  report: [],
  study: ['network', 'data', 'segment', 'evaluate', 'report'],
  cli: ['video', 'motion', 'graph', 'network', 'data', 'segment', 'evaluate', 'train', 'report', 'study'],
  index: ['video', 'motion', 'graph', 'network', 'data', 'segment', 'evaluate', 'train'],
};
const SHARED = ['errors', 'files', 'workers', 'kernels', 'options'];

interface Import {
  /** Absolute path of the imported source file. */
  readonly file: string;
  /** Types only: gone at run time. */
  readonly typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, type, fixed, lazy]) => ({
    file: resolve(dirname(file), (fixed ?? lazy).replace(/\.js$|(?<!\.\w+)$/, '.ts')),
    typeOnly: type !== undefined,
  }));
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SOURCE, name));
const nameOf = (file: string) => relative(ROOT, file).replaceAll('\\', '/');
/** `packages/core/src/frame.ts` is in the room video, `packages/core/src/errors.ts` is the room errors. */
const roomOf = (file: string) => relative(SOURCE, file).split(/[\\/]/)[0].replace(/\.ts$/, '');

describe('architecture', () => {
  it('finds the sources and their imports', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(importsOf(join(SOURCE, 'motion', 'field.ts'))).toEqual([]);
    expect(importsOf(join(SOURCE, 'evaluate', 'flicker.ts'))).toEqual([
      { file: join(SOURCE, 'data', 'classes.ts'), typeOnly: false },
      { file: join(SOURCE, 'video', 'frame.ts'), typeOnly: true },
      { file: join(SOURCE, 'evaluate', 'followed-blocks.ts'), typeOnly: false },
    ]);
  });

  it('knows every room', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in MAY_USE))).toEqual([]);
  });

  it('lets rooms import only from those before them on the data’s way', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const room = roomOf(file);
      const allowed = new Set([room, ...SHARED, ...MAY_USE[room]]);
      for (const imported of importsOf(file)) {
        if (!allowed.has(roomOf(imported.file)))
          wrong.push(`${nameOf(file)} imports ${nameOf(imported.file)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no cycle of imports', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].map(nameOf).join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const imported of importsOf(file)) {
        if (!imported.typeOnly) visit(imported.file, [...path, file]);
      }
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it(`has no file of more than ${LONGEST_FILE} lines`, () => {
    const long = files.filter(
      (file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > LONGEST_FILE,
    );
    expect(long.map(nameOf)).toEqual([]);
  });

  it('names files after ideas', () => {
    expect(files.map(nameOf).filter((name) => /\b(utils?|misc|helpers?|common)\b/.test(name))).toEqual([]);
  });
});
