/**
 * `npm run check:package`, after `npm run build`: what a user of the tarball gets, in an empty folder, from the registry
 * alone, by README's line.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { loadNetworks } from '@twnet/node/networks/networks';
import { openVideo } from '@twnet/node/video/open-video';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage, installLine, ROOT } from './installed-package.js';

const CLIP = 'clip.mp4';
const SIZE = { width: 160, height: 96 };
const FRAMES = 14;
const manifest = JSON.parse(readFileSync(join(ROOT, 'packages/twnet/package.json'), 'utf8'));
/** `twnet`, `twnet/video` … */
const ENTRIES: string[] = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.replace('.', 'twnet'));
/** Compiled with the types of browsers, and those of its peers. */
const FOR_BROWSERS = 'twnet/web';

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

let installed: InstalledPackage;
let ofSources: { kinds: string[]; digest: string };

beforeAll(async () => {
  installed = new InstalledPackage();
  const [npm, ...args] = installLine().split(' ');
  expect(installed.run(npm, args)).toMatchObject({ exitCode: 0 });
  await writePanningVideo(join(installed.folder, CLIP), { ...SIZE, frames: FRAMES });
  ofSources = await segmentBySources(join(installed.folder, CLIP));
});
afterAll(() => installed?.remove());

/** What the programs under consumer/ print, from this repository's sources. */
async function segmentBySources(clip: string) {
  const hash = createHash('sha256');
  const kinds: string[] = [];
  const networks = await loadNetworks('camvid-mobilenet-v1', { ...SIZE, layer: 1, threads: 1 });
  for await (const { labels, kind } of segmentVideo(await openVideo(clip), networks, {
    keyFrames: { mode: 'codec' },
  })) {
    hash.update(labels);
    kinds.push(kind);
  }
  await networks.close();
  return { kinds, digest: hash.digest('hex') };
}

/** Puts a program of consumer/ into the folder. */
function place(program: string, folder = '.'): void {
  mkdirSync(join(installed.folder, folder), { recursive: true });
  copyFileSync(join(ROOT, 'test/package/consumer', program), join(installed.folder, folder, program));
}

/** Writes a file into the folder. */
function write(path: string, contents: string): void {
  writeFileSync(join(installed.folder, path), contents);
}

const ok = (stdout: unknown) => ({ exitCode: 0, stdout, stderr: '' });

describe('the tarball', () => {
  it('has what is used, no tests, no doubles of parts, no maps to sources that are not in it', () => {
    const paths = installed.packed.files.map(({ path }) => path);
    for (const path of paths) {
      expect(path).toMatch(/^dist\/|^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/);
      expect(path).not.toMatch(
        /\.(test|check)\.|^dist\/(bench|testing)\/|(^|\/)(scripted|fuzz|check)-|\.map$|\/assembly\//,
      );
    }
    expect(paths).toContain('dist/node/src/kernels/kernels.wasm');
    expect(paths.filter((path) => /^dist\/models\/[^/]+\/model\.json$/.test(path))).not.toEqual([]);
  });

  it('has the size that README states, and what is installed has', () => {
    // Without the markers around its figures.
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll(/<!--.*?-->/g, '');
    const stated = readme.match(/(\d+) MB packed, (\d+) MB installed/);
    const tarball = installed.packed.size;
    const all = installed.bytesOf('node_modules');
    console.log(`tarball ${megabytes(tarball)} MB, node_modules ${megabytes(all)} MB`);
    for (const name of ['onnxruntime-node', '@seydx', 'echarts', '@img', 'twnet'])
      console.log(`  ${name} ${megabytes(installed.bytesOf(join('node_modules', name)))} MB`);
    expect(stated, 'README states "… MB packed, … MB installed"').not.toBeNull();
    expect(Math.abs(tarball / 1e6 / Number(stated?.[1]) - 1)).toBeLessThan(0.1);
    // FFmpeg's binary is that of the platform; README states Linux x64.
    if (process.platform === 'linux' && process.arch === 'x64')
      expect(Math.abs(all / 1e6 / Number(stated?.[2]) - 1)).toBeLessThan(0.1);
  });

  it('has installed nothing from outside the registry', () => {
    const lock = JSON.parse(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'));
    const packages = Object.entries<{ resolved?: string; integrity?: string }>(lock.packages);
    const registry = installed.run('npm', ['config', 'get', 'registry']).stdout.trim();
    for (const [path, { resolved = registry, integrity }] of packages.filter(([path]) => path !== '')) {
      expect(integrity, path).toBeDefined();
      if (path !== 'node_modules/twnet') expect(resolved.startsWith(registry), resolved).toBe(true);
    }
    // What the install scripts of dependencies would have fetched.
    const binaries = join(installed.folder, 'node_modules/onnxruntime-node/bin');
    expect(readdirSync(binaries, { recursive: true }).filter((name) => /cuda/i.test(String(name)))).toEqual(
      [],
    );
    expect(existsSync(join(installed.folder, 'node_modules/node-av/binary'))).toBe(false);
  });
});

describe('the command', () => {
  it('says its version', () => {
    expect(installed.run('npx', ['--no-install', 'twnet', '--version'])).toEqual(ok(`${manifest.version}\n`));
  });

  it('segments a clip', () => {
    const outputs = ['-o', 'overlay.mp4', '--labels', 'labels', '--stats', 'stats.json'];
    const ran = installed.run('npx', ['--no-install', 'twnet', 'segment', CLIP, ...outputs]);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const pngs = readdirSync(join(installed.folder, 'labels')).filter((name) => name.endsWith('.png'));
    expect(pngs).toHaveLength(FRAMES);
    const stats = JSON.parse(readFileSync(join(installed.folder, 'stats.json'), 'utf8'));
    expect(stats).toMatchObject({ frames: { total: FRAMES } });
    const shown = installed.run('npx', ['--no-install', 'twnet', 'inspect', 'overlay.mp4', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject(SIZE);
  });
});

describe('an ES module', () => {
  it('segments as the sources do', () => {
    place('segment.mjs');
    const { exitCode, stdout, stderr } = installed.run('node', ['segment.mjs', CLIP]);
    expect({ exitCode, stdout: JSON.parse(stdout), stderr }).toEqual(ok(ofSources));
  });

  it('gives a first label in three lines', () => {
    const loop = `for await (const { labels } of segment('${CLIP}')) {\n  console.log(labels.length, performance.now());\n  break;\n}\n`;
    write('first.mjs', `import { segment } from 'twnet';\n${loop}`);
    write(
      'import.mjs',
      `const start = performance.now();\nawait import('twnet');\nconsole.log(performance.now() - start);\n`,
    );
    const first = installed.run('node', ['first.mjs']);
    const [pixels, milliseconds] = first.stdout.split(' ').map(Number);
    expect({ ...first, stdout: '', pixels }).toEqual({ ...ok(''), pixels: SIZE.width * SIZE.height });
    const imported = Number(installed.run('node', ['import.mjs']).stdout);
    console.log(
      `imported in ${imported.toFixed(0)} ms; first label ${milliseconds.toFixed(0)} ms after the start`,
    );
  });

  it('imports every entry', () => {
    const entries = ENTRIES.map(
      (entry) => `console.log(Object.keys(await import('${entry}')).length > 0);\n`,
    );
    write('entries.mjs', entries.join(''));
    expect(installed.run('node', ['entries.mjs'])).toEqual(ok('true\n'.repeat(ENTRIES.length)));
  });
});

describe('CommonJS', () => {
  it('segments as the sources do', () => {
    place('segment.cjs');
    const { exitCode, stdout, stderr } = installed.run('node', ['segment.cjs', CLIP]);
    expect({ exitCode, stdout: JSON.parse(stdout), stderr }).toEqual(ok(ofSources));
  });

  it('requires every entry', () => {
    const entries = ENTRIES.map((entry) => `console.log(Object.keys(require('${entry}')).length > 0);\n`);
    write('entries.cjs', entries.join(''));
    expect(installed.run('node', ['entries.cjs'])).toEqual(ok('true\n'.repeat(ENTRIES.length)));
  });

  it('reads package.json', () => {
    write('version.cjs', "console.log(require('twnet/package.json').version);\n");
    expect(installed.run('node', ['version.cjs'])).toEqual(ok(`${manifest.version}\n`));
  });
});

describe('a browser', () => {
  it('gets one script, a worker and the kernels, by a bundler and the peers', async () => {
    write('page.js', `import { segment } from '${FOR_BROWSERS}';\nconsole.log(segment);\n`);
    const web = join(installed.folder, 'node_modules/twnet/dist/web/src');
    const { metafile, warnings } = await build({
      entryPoints: [join(installed.folder, 'page.js'), join(web, 'networks/segmentation-worker.js')],
      ...{ bundle: true, splitting: true, write: false, metafile: true, format: 'esm', platform: 'browser' },
      ...{ outdir: join(installed.folder, 'bundled'), external: ['node:*'], absWorkingDir: ROOT },
      nodePaths: [join(ROOT, 'node_modules')],
    });
    expect(warnings).toEqual([]);
    const sources = Object.keys(metafile.inputs);
    expect(sources.some((name) => name.includes('onnxruntime-web/'))).toBe(true);
    expect(sources.filter((name) => /onnxruntime-node|node-av|\/twnet\/dist\/node\//.test(name))).toEqual([]);
    expect(existsSync(join(web, 'kernels/kernels.wasm'))).toBe(true);
  });
});

describe('TypeScript, strict, without skipLibCheck', () => {
  const STRICT = {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: false,
    target: 'ES2022',
    lib: ['ES2022'],
    outDir: 'out',
  };
  const NODE = { module: 'NodeNext', moduleResolution: 'NodeNext' };
  const BUNDLER = { module: 'ESNext', moduleResolution: 'bundler' };

  /** Compiles the programs in `folder` with this repository's compiler, but types of the installed package. */
  function compile(folder: string, programs: readonly string[], options: object): void {
    for (const program of programs) place(program, folder);
    const entries = ENTRIES.filter((entry) => entry !== FOR_BROWSERS).map(
      (entry, i) => `import * as entry${i} from '${entry}';\nexport { entry${i} };\n`,
    );
    write(join(folder, 'entries.ts'), entries.join(''));
    write(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    const files = [...programs, 'entries.ts'];
    write(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }),
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], {
      cwd: join(installed.folder, folder),
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  }

  it('compiles for Node, with the types of Node that the package brings, and runs', () => {
    compile('typescript', ['segment.ts', 'required.cts'], { ...NODE, types: [] });
    const { exitCode, stdout, stderr } = installed.run('node', [
      'typescript/out/segment.js',
      CLIP,
      'typescript.mp4',
    ]);
    expect({ exitCode, stdout: stdout && JSON.parse(stdout), stderr }).toEqual(ok(ofSources));
    expect(existsSync(join(installed.folder, 'typescript.mp4'))).toBe(true);
  });

  it('compiles for bundlers', () => {
    compile('bundled', ['segment.ts'], { ...BUNDLER, types: [] });
  });

  it("compiles beside the types of the browser, and a user's own types of Node", () => {
    const version = manifest.dependencies['@types/node'] && '20';
    expect(installed.run('npm', ['install', '--ignore-scripts', `@types/node@${version}`])).toMatchObject({
      exitCode: 0,
    });
    compile('own-types', ['segment.ts', 'required.cts'], {
      ...NODE,
      types: ['node'],
      lib: ['ES2022', 'DOM'],
    });
    compile('own-types-bundled', ['segment.ts'], { ...BUNDLER, types: ['node'] });
  });
});

it('has left nothing in the home folder, whatever was run above', () => {
  expect(readdirSync(installed.home, { recursive: true })).toEqual([]);
});
