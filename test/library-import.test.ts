/** What importing the package loads: neither FFmpeg nor ONNX Runtime, nor anything else that waits until it is used. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode } from './run-node.js';

/** Built by build-once.ts. */
const BUILT = new URL('../packages/twnet/dist/twnet/src/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'twnet-import-'));
const clip = join(folder, 'drive.mp4');
beforeAll(() => writePanningVideo(clip, { width: 96, height: 64, frames: 2 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IMPORT = /^(?:import|export)\s+(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

/** Packages that are loaded with a built module: what it imports at once, and what that does. */
function loadedWith(entry: string): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) visit(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  visit(fileURLToPath(new URL(entry, BUILT)));
  expect(seen.size).toBeGreaterThan(5);
  return [...packages].sort();
}

it('is small: what checks options, and what writes graphs', () => {
  for (const entry of ['index.js', 'network.js'])
    expect(loadedWith(entry)).toEqual(['protobufjs/minimal.js', 'zod']);
  expect(loadedWith('segment.js')).toEqual(['zod']);
  expect(loadedWith('motion.js')).toEqual([]);
  expect(loadedWith('video.js')).toContain('node-av/lib');
});

/** Writes which native libraries of packages the process has loaded: after the import, and after a first label. */
const PROGRAM = `
process.report.excludeNetwork = true;
const natives = () => process.report.getReport().sharedObjects
  .map((path) => /node_modules[\\\\/](node-av|@seydx|onnxruntime-node|sharp|@img)/.exec(path)?.[1]).filter(Boolean);
async function run({ segment }) {
  const atFirst = natives();
  for await (const { labels } of segment(process.argv[2], { threads: 1 })) {
    console.log(JSON.stringify({ atFirst, later: [...new Set(natives())].sort(), labels: labels.length }));
    break;
  }
}
`;

describe.runIf(process.platform === 'linux')('a process that has loaded it', () => {
  const INDEX = fileURLToPath(new URL('index.js', BUILT));

  it.each([
    ['import', 'program.mjs', `${PROGRAM}await run(await import(${JSON.stringify(INDEX)}));`],
    ['require', 'program.cjs', `${PROGRAM}run(require(${JSON.stringify(INDEX)}));`],
  ])('by %s has no native library until it segments', async (_, name, text) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { exitCode, output } = await runNode(file, clip);
    expect({ exitCode, ...JSON.parse(output) }).toEqual({
      exitCode: 0,
      atFirst: [],
      later: ['@seydx', 'onnxruntime-node'],
      labels: 96 * 64,
    });
  });
});
