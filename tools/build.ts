/**
 * `npm run build`: every package as JavaScript and types in `packages/twnet/dist`, which mirrors `packages/`: what is
 * published needs none of the private packages, for it has them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledKernels } from '@twnet/node/kernels/compile';
import { viewerFiles } from '../packages/twnet/src/page/viewer.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(ROOT, 'packages', 'twnet');
const DIST = join(PACKAGE, 'dist');

rmSync(DIST, { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
// What runs in browsers has other types than what runs on Node.
for (const project of ['tsconfig.build.json', 'packages/web/tsconfig.build.json']) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const WORKSPACE = /(from\s+|import\s+|import\()(['"])@twnet\/([^/'"]+)\/([^'"]+)\2/g;
for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|d\.ts)$/.test(name)) continue;
  const file = join(DIST, name);
  const text = readFileSync(file, 'utf8');
  const own = text.replace(WORKSPACE, (_, before: string, quote: string, room: string, path: string) => {
    const target = relative(dirname(file), join(DIST, room, 'src', `${path}.js`)).replaceAll(sep, '/');
    return `${before}${quote}${target.startsWith('.') ? target : `./${target}`}${quote}`;
  });
  if (/['"]@twnet\//.test(own)) throw new Error(`${name}: still names a private package`);
  if (own !== text) writeFileSync(file, own);
}
for (const platform of ['node', 'web'])
  writeFileSync(join(DIST, platform, 'src', 'kernels', 'kernels.wasm'), compiledKernels());
const { script, style } = viewerFiles();
writeFileSync(join(DIST, 'twnet', 'src', 'page', 'viewer.bundle.js'), script);
writeFileSync(join(DIST, 'twnet', 'src', 'page', 'viewer.css'), style);
cpSync(join(ROOT, 'packages', 'models'), join(DIST, 'models'), { recursive: true });
cpSync(join(PACKAGE, 'package.json'), join(DIST, 'twnet', 'package.json'));
// npm packs those that lie beside package.json.
for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) cpSync(join(ROOT, name), join(PACKAGE, name));
