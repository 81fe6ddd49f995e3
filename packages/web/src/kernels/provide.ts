/** Gives the core its kernels: fetched once, from beside this file unless told otherwise. */
import { InputError } from '@twnet/core/errors';
import { provideKernels } from '@twnet/core/kernels/kernels';

let provided: Promise<void> | undefined;

/**
 * @param address of `kernels.wasm`; default: beside this module
 * @throws InputError where it cannot be fetched
 */
export function loadKernels(
  address: string | URL = new URL('./kernels.wasm', import.meta.url),
): Promise<void> {
  provided ??= fetchKernels(address).catch((error) => {
    provided = undefined;
    throw error;
  });
  return provided;
}

async function fetchKernels(address: string | URL): Promise<void> {
  const bytes = await fetchBytes(address);
  provideKernels(() => bytes);
}

/** @throws InputError that names the address */
export async function fetchBytes(address: string | URL, signal?: AbortSignal): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(address, { signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new InputError(`${address}: cannot be fetched; is the server there, and does it allow this page?`);
  }
  if (!response.ok) throw new InputError(`${address}: cannot be fetched (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
