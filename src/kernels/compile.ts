/** Compiles the kernels from their AssemblyScript sources; the built package has them compiled. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('./assembly/', import.meta.url));
const ENTRY = 'index.ts';
/** Speed over size; no runtime, no checks within loops; the caller brings the memory. */
const FLAGS = ['-O3', '--runtime', 'stub', '--importMemory', '--noAssert', '--enable', 'simd'];

/**
 * The kernels' WebAssembly, from a cache in `node_modules` where the sources have not changed.
 *
 * @throws Error with the compiler's messages
 */
export async function compiledKernels(): Promise<Uint8Array> {
  const sources = Object.fromEntries(
    readdirSync(SOURCES)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(SOURCES, name), 'utf8')]),
  );
  const { resolve } = createRequire(import.meta.url);
  const compiler = resolve('assemblyscript/package.json');
  const { version } = JSON.parse(readFileSync(compiler, 'utf8')) as { version: string };
  const key = createHash('sha256')
    .update(JSON.stringify([version, FLAGS, sources]))
    .digest('hex');
  const folder = join(dirname(compiler), '..', '.cache', 'twnet');
  const cached = join(folder, `kernels-${key.slice(0, 16)}.wasm`);
  if (existsSync(cached)) return readFileSync(cached);
  const binary = await compile(sources);
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

async function compile(sources: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const { main } = await import('assemblyscript/asc');
  let binary: Uint8Array | undefined;
  let messages = '';
  const { error } = await main([ENTRY, '-o', 'kernels.wasm', ...FLAGS], {
    stderr: {
      write: (text: string | Uint8Array) => {
        messages += text;
      },
    },
    readFile: (name) => sources[name] ?? null,
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`the kernels do not compile: ${messages}`);
  return binary;
}
