/** What a visit to the page loads, in megabytes as a file server that compresses sends them, by part. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const PARTS: readonly (readonly [part: string, of: RegExp])[] = [
  ['runtime', /^ort[.-].*\.(js|wasm)$/],
  ['model', /^models\//],
  ['containers', /^src-.*\.js$/],
  ['page', /^(index\.html|.*\.css|.*\.js)$/],
  ['kernels', /^kernels\.wasm$/],
];
/** What is loaded where there is WebGPU, in place of the runtime for WebAssembly. */
const WEBGPU = /^ort-wasm-simd-threaded\.asyncify\.wasm$|^ort\.webgpu.*\.js$/;
/** Of brotli's 11: what servers take when they compress a file once. */
const QUALITY = 9;

/** @param sent files that a visit asked for, the clip among them */
export function downloads(folder: string, sent: readonly string[]): Record<string, number> {
  const sizes: Record<string, number> = Object.fromEntries(PARTS.map(([part]) => [part, 0]));
  for (const file of sent) {
    if (file === 'clip.mp4') continue;
    const part = PARTS.find(([, of]) => of.test(file))?.[0];
    if (!part) throw new Error(`${file}: is of no part that is known`);
    sizes[part] += compressed(join(folder, file));
  }
  const empty = PARTS.find(([part]) => sizes[part] === 0);
  if (empty) throw new Error(`${empty[0]}: nothing of it was loaded`);
  const total = Object.values(sizes).reduce((a, b) => a + b, 0);
  const webgpu = readdirSync(folder)
    .filter((file) => WEBGPU.test(file))
    .reduce((sum, file) => sum + compressed(join(folder, file)), 0);
  return { ...sizes, total, webgpuRuntime: webgpu, totalWithWebgpu: total - sizes.runtime + webgpu };
}

function compressed(path: string): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  return brotliCompressSync(readFileSync(path), { params }).length / 1e6;
}
