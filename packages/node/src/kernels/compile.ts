/** Compiles the kernels from their AssemblyScript sources; the built package has them compiled. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../../core/src/kernels/assembly/', import.meta.url));
const ENTRY = 'index.ts';
/** Speed over size; no runtime, no checks within loops; the caller brings the memory. */
const FLAGS = ['-O3', '--runtime', 'stub', '--importMemory', '--noAssert', '--enable', 'simd'];

/**
 * The kernels' WebAssembly, from a cache in `node_modules` where the sources have not changed. Waits for the compiler:
 * a module that awaited it could not be loaded by `require`.
 *
 * @throws Error with the compiler's messages
 */
export function compiledKernels(): Uint8Array {
  const sources = readdirSync(SOURCES)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(SOURCES, name), 'utf8')]);
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const { version } = JSON.parse(readFileSync(compiler, 'utf8')) as { version: string };
  const key = createHash('sha256')
    .update(JSON.stringify([version, FLAGS, sources]))
    .digest('hex');
  const folder = join(dirname(compiler), '..', '.cache', 'twnet');
  const cached = join(folder, `kernels-${key.slice(0, 16)}.wasm`);
  if (existsSync(cached)) return readFileSync(cached);
  const binary = compile(join(dirname(compiler), 'bin', 'asc.js'));
  try {
    mkdirSync(folder, { recursive: true });
    // Several processes may get here at once: each has its own temporary file.
    const temporary = `${cached}.${process.pid}.${performance.now()}`;
    writeFileSync(temporary, binary);
    renameSync(temporary, cached);
  } catch {
    // A folder that cannot be written to only costs the next start its second.
  }
  return binary;
}

function compile(compiler: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-kernels-'));
  try {
    const out = join(folder, 'kernels.wasm');
    // A process of its own: the compiler's interface is an asynchronous one.
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [compiler, ENTRY, '--baseDir', SOURCES, '-o', out, ...FLAGS],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the kernels do not compile: ${stdout}${stderr}`);
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
