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
  const loader = pathToFileURL(createRequire(parentUrl).resolve('tsx')).href;
  return new Worker(url, { ...options, execArgv: ['--import', loader] });
}
