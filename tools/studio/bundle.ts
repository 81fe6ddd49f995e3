/** Scripts for browsers with all that they need beside them: one flat folder that any file server can host. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledKernels } from '@twnet/node/kernels/compile';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNTIME = fileURLToPath(
  new URL('.', import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
);

export interface BundleOptions {
  /** Models of `packages/models` that go along, as `models/NAME`; default all. */
  readonly models?: readonly string[];
  /** ONNX Runtime's builds: WebAssembly alone, or WebGPU's too. Default both. */
  readonly webgpu?: boolean;
  readonly minify?: boolean;
}

/**
 * @param entries scripts by the names that they get; the networks' worker comes with them
 * @param folder is made where it is not there
 */
export async function bundleForBrowsers(
  entries: Readonly<Record<string, string>>,
  folder: string,
  { models = readdirSync(join(ROOT, 'packages/models')), webgpu = true, minify = true }: BundleOptions = {},
): Promise<void> {
  await build({
    entryPoints: {
      ...entries,
      'segmentation-worker': join(ROOT, 'packages/web/src/networks/segmentation-worker.ts'),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify,
    legalComments: 'external',
    // What ONNX Runtime's script asks for on Node alone.
    external: ['node:*'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  writeFileSync(join(folder, 'kernels.wasm'), compiledKernels());
  for (const build of ['', ...(webgpu ? ['.asyncify'] : [])]) {
    const name = `ort-wasm-simd-threaded${build}.wasm`;
    copyFileSync(join(RUNTIME, name), join(folder, name));
  }
  mkdirSync(join(folder, 'models'), { recursive: true });
  for (const model of models)
    cpSync(join(ROOT, 'packages/models', model), join(folder, 'models', model), { recursive: true });
}
