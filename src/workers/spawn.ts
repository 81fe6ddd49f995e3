/** Starts worker threads from TypeScript sources (development, tests) and from the built package alike. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts the module `name` (without its ending) that lies beside the module of `parentUrl`.
 * Sources need tsx as loader; the built package has plain JavaScript.
 */
export function spawnWorker(name: string, parentUrl: string, options: WorkerOptions = {}): Worker {
  const fromSource = parentUrl.endsWith('.ts');
  const url = new URL(`./${name}.${fromSource ? 'ts' : 'js'}`, parentUrl);
  if (!fromSource) return new Worker(url, options);
  // On Node 20 `--import tsx` does not reach a worker's own entry file: it is imported once tsx is registered.
  // (`require.resolve` of its API itself would give the CommonJS form, which cannot register here.)
  const loader = pathToFileURL(createRequire(parentUrl).resolve('tsx'));
  const tsx = new URL('./esm/api/index.mjs', loader).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(start, { ...options, eval: true });
}
