/** ONNX Runtime Web, loaded when it is first needed: the build for what is asked for, no larger one. */
import type { EngineOptions } from '@twnet/core/runtime/engine';
import { threadsHere } from './provider.js';

export type Runtime = typeof import('onnxruntime-web/wasm');

/** Where its WebAssembly lies, where that is not beside its own script. */
let folder: string | undefined;
let loaded: Promise<Runtime> | undefined;

/** @param address of a folder, with a slash at its end */
export function runtimeFrom(address: string | undefined): void {
  folder = address;
}

/** One build a thread: the first one that is asked for. */
export function webRuntime({ provider, threads }: EngineOptions): Promise<Runtime> {
  loaded ??= load(provider, threads);
  return loaded;
}

async function load(provider: string | undefined, threads: number | undefined): Promise<Runtime> {
  const runtime =
    provider === 'webgpu'
      ? ((await import('onnxruntime-web/webgpu')) as Runtime)
      : await import('onnxruntime-web/wasm');
  const { wasm } = runtime.env;
  wasm.numThreads = threadsHere(threads);
  if (folder !== undefined) wasm.wasmPaths = folder;
  return runtime;
}
