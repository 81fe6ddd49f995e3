/** Starts worker threads and processes from TypeScript sources (development, tests) and from the built package alike. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts the module `name` (without its ending) that lies beside the module of `parentUrl`.
 * Sources need tsx as loader; the built package has plain JavaScript.
 */
export function spawnWorker(name: string, parentUrl: string, options: WorkerOptions = {}): Worker {
  const { url, fromSource } = moduleBeside(name, parentUrl);
  if (!fromSource) return new Worker(url, options);
  // On Node 20 `--import tsx` does not reach a worker's own entry file: it is imported once tsx is registered.
  // (`require.resolve` of its API itself would give the CommonJS form, which cannot register here.)
  const tsx = new URL('./esm/api/index.mjs', tsxLoader(parentUrl)).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(start, { ...options, eval: true });
}

/** The same module for a process of its own: its file, and the arguments that Node needs to load it. */
export function sourceLoader(name: string, parentUrl: string): { url: string; execArgv: string[] } {
  const { url, fromSource } = moduleBeside(name, parentUrl);
  const execArgv = fromSource ? ['--import', new URL('./esm/index.mjs', tsxLoader(parentUrl)).href] : [];
  return { url: fileURLToPath(url), execArgv };
}

function moduleBeside(name: string, parentUrl: string): { url: URL; fromSource: boolean } {
  const fromSource = parentUrl.endsWith('.ts');
  return { url: new URL(`./${name}.${fromSource ? 'ts' : 'js'}`, parentUrl), fromSource };
}

function tsxLoader(parentUrl: string): string {
  return pathToFileURL(createRequire(parentUrl).resolve('tsx')).href;
}
