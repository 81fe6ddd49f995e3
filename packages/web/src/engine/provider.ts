/** What of the machine networks run on in this browser. */

export type Provider = 'webgpu' | 'wasm';

/** Threads beyond this cost more than they give. */
const MOST_THREADS = 8;

/**
 * WebGPU where there is an adapter, else WebAssembly.
 *
 * @param asked for; none: whatever is there
 */
export async function chooseProvider(asked?: Provider): Promise<Provider> {
  if (asked) return asked;
  return (await hasAdapter()) ? 'webgpu' : 'wasm';
}

/** Threads for WebAssembly: one where the page is not cross-origin isolated, and memory cannot be shared. */
export function threadsHere(asked?: number): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return asked ?? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
}

interface Gpu {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
}

/** Not one that the processor imitates, which is slower than WebAssembly. */
async function hasAdapter(): Promise<boolean> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  try {
    const adapter = await gpu?.requestAdapter();
    return adapter !== null && adapter !== undefined && adapter.info?.isFallbackAdapter !== true;
  } catch {
    return false;
  }
}
