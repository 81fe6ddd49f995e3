/**
 * `npm run studio`: builds the page and serves it on this machine; with `--build FOLDER` it is only written there, for any
 * file server to host.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildStudio } from './build.js';
import { serveFolder } from './serve.js';

const { values } = parseArgs({ options: { build: { type: 'string' }, port: { type: 'string' } } });

if (values.build !== undefined) {
  const folder = resolve(values.build);
  await buildStudio(folder);
  console.log(`the page is in ${folder}; any file server can host it`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-studio-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());
  await buildStudio(folder);
  const { address } = await serveFolder(folder, { isolated: true, port: Number(values.port ?? 5180) });
  console.log(`the page is at ${address} (Ctrl-C ends it)`);
}
