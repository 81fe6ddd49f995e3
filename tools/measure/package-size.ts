/**
 * What the packed package takes, as README's line installs it in an empty folder: `tsx tools/measure/package-size.ts -o
 * FILE.json`. Asks the package registry.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurementStamp } from '../../src/evaluate/stamp.js';
import { writeFileAtomic } from '../../src/files/index.js';
import { ROOT } from '../documents/files.js';

const [, , , output] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'twnet-package-'));
try {
  npm(ROOT, 'run', '--silent', 'build');
  npm(ROOT, 'pack', '--silent', '--pack-destination', folder);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  const project = join(folder, 'project');
  mkdirSync(project);
  npm(project, 'init', '--yes');
  npm(project, 'install', '--ignore-scripts', '--no-audit', '--no-fund', tarball);
  const modules = join(project, 'node_modules');
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + size(join(modules, name)), 0);
  const ffmpeg = readdirSync(join(modules, '@seydx')).map((name) => `@seydx/${name}`);
  const bytes = {
    packed: statSync(tarball).size,
    installed: size(modules),
    onnxruntime: of('onnxruntime-node', 'onnxruntime-common'),
    ffmpeg: of('node-av', ...ffmpeg),
    charts: of('echarts', 'zrender'),
  };
  const megabytes = Object.fromEntries(Object.entries(bytes).map(([part, count]) => [part, count / 1e6]));
  const stamp = { ...(await measurementStamp([], [])), command: 'tsx tools/measure/package-size.ts' };
  await writeFileAtomic(output, `${JSON.stringify({ stamp, megabytes }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Bytes of all files below. */
function size(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0);
}
