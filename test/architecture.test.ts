/** The rules of docs/architecture.md that a program can check. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = join(ROOT, 'packages');
const LONGEST_FILE = 300;

/** The packages that each package may import from. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  node: ['core'],
  web: ['core'],
  street: ['core'],
  train: ['core', 'node', 'street'],
  twnet: ['core', 'node', 'web', 'street', 'train'],
  studio: ['core', 'web'],
  bench: ['core', 'node', 'street', 'train', 'twnet'],
  testing: ['core', 'node', 'street', 'train'],
};
/** The rooms of a package, in order: each may import from those before it. A `.ts` at a package's top is a room too. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [
    ...['errors', 'classes', 'random', 'frame', 'options', 'kernels', 'graph'],
    ...['motion', 'metrics', 'network', 'model', 'runtime', 'segment', 'live'],
  ],
  node: [
    'kernels',
    'workers',
    'files',
    'images',
    'engine',
    'model',
    'networks',
    'video',
    'motion',
    'extract',
    'output',
    'live',
    'score',
    'import',
  ],
  studio: ['shown', 'messages', 'render', 'player', 'viewer', 'worker', 'offline', 'page'],
  web: ['kernels', 'engine', 'model', 'networks', 'pictures', 'video', 'segment'],
  train: ['graph', 'import', 'data', 'config', 'run', 'key', 'non-key', 'adapt'],
  bench: [
    'stamp',
    'cost',
    'memory',
    'speed',
    'training',
    'baselines',
    'accuracy',
    'methods',
    'frontier',
    'throughput',
    'quality',
    'agreement',
    'report',
    'study',
    'cli',
    'main',
  ],
};
/** Of what the core imports from outside, everything runs in a browser. */
const LIBRARIES_OF_CORE = ['protobufjs/minimal.js', 'zod'];

interface Import {
  /** Absolute path of the imported source file; what is imported, where that is no file of ours. */
  readonly file: string;
  readonly own: boolean;
  /** Types only: gone at run time. */
  readonly typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, type, fixed, lazy]) => {
    const name = fixed ?? lazy;
    const typeOnly = type !== undefined;
    if (name.startsWith('.'))
      return { file: resolve(dirname(file), name.replace(/\.js$|(?<!\.\w+)$/, '.ts')), own: true, typeOnly };
    const [, of, path] = name.match(/^@twnet\/([^/]+)\/(.+)$/) ?? [];
    if (of === undefined) return { file: name, own: false, typeOnly };
    return { file: join(PACKAGES, of, 'src', `${path}.ts`), own: true, typeOnly };
  });
}

const files = Object.keys(MAY_USE).flatMap((name) =>
  readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(PACKAGES, name, 'src', file)),
);
const product = files.filter((file) => !file.endsWith('.test.ts'));
const nameOf = (file: string) => relative(ROOT, file).replaceAll('\\', '/');
const packageOf = (file: string) => relative(PACKAGES, file).split(/[\\/]/)[0];
/** `packages/core/src/motion/warp.ts` is in the room motion, `packages/core/src/frame.ts` is the room frame. */
const roomOf = (file: string) => relative(PACKAGES, file).split(/[\\/]/)[2].replace(/\.ts$/, '');

describe('architecture', () => {
  it('finds the sources and their imports', () => {
    expect(files.length).toBeGreaterThan(20);
    const core = join(PACKAGES, 'core', 'src');
    expect(importsOf(join(core, 'motion', 'field.ts'))).toEqual([]);
    expect(importsOf(join(core, 'metrics', 'flicker.ts'))).toEqual([
      { file: join(core, 'classes.ts'), own: true, typeOnly: false },
      { file: join(core, 'frame.ts'), own: true, typeOnly: true },
      { file: join(core, 'metrics', 'followed-blocks.ts'), own: true, typeOnly: false },
    ]);
  });

  it('knows every package, and every room where rooms have an order', () => {
    const folders = readdirSync(PACKAGES).filter((name) => existsSync(join(PACKAGES, name, 'package.json')));
    expect(folders.sort()).toEqual(Object.keys(MAY_USE).sort());
    const unknown = product.filter((file) => ROOMS[packageOf(file)]?.includes(roomOf(file)) === false);
    expect(unknown.map(nameOf)).toEqual([]);
  });

  it('lets packages and rooms import only from those before them', () => {
    const wrong: string[] = [];
    for (const file of product) {
      const own = packageOf(file);
      for (const imported of importsOf(file)) {
        if (!imported.own) continue;
        const other = packageOf(imported.file);
        const rooms = ROOMS[own];
        const allowed =
          own === other
            ? rooms === undefined || rooms.indexOf(roomOf(imported.file)) <= rooms.indexOf(roomOf(file))
            : MAY_USE[own].includes(other);
        if (!allowed) wrong.push(`${nameOf(file)} imports ${nameOf(imported.file)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('names in each package.json what the package imports, in the versions of the one that is published', () => {
    const manifest = (name: string) =>
      JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')) as {
        readonly dependencies: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
        readonly peerDependencies?: Readonly<Record<string, string>>;
      };
    const { dependencies, optionalDependencies, peerDependencies } = manifest('twnet');
    const published = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const wrong: string[] = [];
    for (const name of Object.keys(MAY_USE)) {
      const used = new Set<string>();
      for (const file of product.filter((file) => packageOf(file) === name))
        for (const imported of importsOf(file)) {
          if (imported.own) {
            const other = packageOf(imported.file);
            if (other !== name && other !== 'twnet') used.add(`@twnet/${other}`);
          } else if (!imported.file.startsWith('node:') && !imported.typeOnly)
            used.add(imported.file.split('/', imported.file.startsWith('@') ? 2 : 1).join('/'));
        }
      const own = manifest(name).dependencies;
      for (const library of used) {
        if (name === 'twnet' ? library.startsWith('@twnet/') : own[library] !== undefined) continue;
        if (name !== 'twnet' || published[library] === undefined)
          wrong.push(`${name} does not name ${library}`);
      }
      // The page is published as what it is bundled into, if at all.
      const known = name === 'studio' ? { ...devDependencies, ...published } : published;
      for (const [library, version] of Object.entries(own))
        if (!library.startsWith('@twnet/') && known[library] !== version)
          wrong.push(`${name}: ${library} ${version}, published with ${known[library]}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has a core that runs anywhere', () => {
    const wrong = product
      .filter((file) => packageOf(file) === 'core')
      .flatMap((file) =>
        importsOf(file)
          .filter((imported) => !imported.own && !LIBRARIES_OF_CORE.includes(imported.file))
          .map((imported) => `${nameOf(file)} imports ${imported.file}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no cycle of imports', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].map(nameOf).join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const imported of importsOf(file)) {
        if (imported.own && !imported.typeOnly) visit(imported.file, [...path, file]);
      }
      done.add(file);
    };
    for (const file of product) visit(file, []);
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
