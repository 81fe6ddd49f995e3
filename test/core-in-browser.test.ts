/** The core without Node: bundled for a browser, and at work in a real one. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { clipSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { compiledKernels } from '@twnet/node/kernels/compile';
import { PAPER_MODEL } from '@twnet/node/model/model';
import { loadNetworks } from '@twnet/node/networks/networks';
import { makeStreetClip } from '@twnet/train/data/street-clip';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { openBrowser } from './browser.js';
import type { SentFrame } from './core-page.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CORE = join(ROOT, 'packages/core/src');
const FOR_BROWSERS = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  minify: true,
} as const;
/** The largest that the whole core may be, kilobytes as a browser loads it. */
const LARGEST = 700;
/** What libraries the core is bundled with. */
const LIBRARIES = /^node_modules\/(zod|protobufjs|@protobufjs\/[^/]+|long)\//;

describe('the core, bundled for a browser', () => {
  it('has all of the core, its two libraries and nothing of Node', async () => {
    const rooms = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$|^kernels.assembly/.test(name))
      .map((name) => name.replaceAll('\\', '/').slice(0, -3));
    const contents = rooms.map((room, i) => `export * as room${i} from '@twnet/core/${room}';`).join('\n');
    const { metafile, outputFiles, warnings } = await build({
      ...FOR_BROWSERS,
      stdin: { contents, resolveDir: ROOT },
      metafile: true,
      absWorkingDir: ROOT,
    });
    expect(warnings).toEqual([]);
    const sources = Object.keys(metafile.inputs).filter((name) => name !== '<stdin>');
    const own = sources.filter((name) => name.startsWith('packages/'));
    for (const name of own) expect(name).toMatch(/^packages\/core\/src\//);
    expect(sources.filter((name) => !own.includes(name) && !LIBRARIES.test(name))).toEqual([]);
    // Whatever has values at run time is there.
    expect(own).toContain(relative(ROOT, join(CORE, 'runtime/networks.ts')).replaceAll('\\', '/'));
    for (const { imports } of Object.values(metafile.outputs)) expect(imports).toEqual([]);
    const [{ contents: bundle }] = outputFiles;
    const [output] = Object.values(metafile.outputs);
    const ownBytes = own.reduce((sum, name) => sum + (output.inputs[name]?.bytesInOutput ?? 0), 0);
    const sizes = [bundle.length, gzipSync(bundle).length, ownBytes, compiledKernels().length];
    const [whole, packed, ours, kernels] = sizes.map((bytes) => `${Math.round(bytes / 1000)} kB`);
    console.log(
      `the core for a browser: ${whole}, ${packed} packed, ${ours} of it our own; kernels ${kernels}`,
    );
    expect(bundle.length).toBeLessThan(LARGEST * 1000);
  });
});

describe('the core in a browser', () => {
  /** A key frame and two that are propagated, through the codec. */
  const { frames } = makeStreetClip(3, { seed: 1, width: 192, height: 144, length: 3 });
  const [{ width, height }] = frames;

  async function labelsOnNode(): Promise<Uint8Array[]> {
    await using networks = await loadNetworks('camvid-mobilenet-v1', { width, height, layer: 1, threads: 1 });
    const labels: Uint8Array[] = [];
    for await (const segmented of segmentVideo(clipSource(frames), networks)) labels.push(segmented.labels);
    return labels;
  }

  function sent(): SentFrame[] {
    return frames.map(({ pixels, motion: { count: _count, scale: _scale, ...motion }, ...frame }) => ({
      ...frame,
      pixels: [...pixels],
      motion: Object.fromEntries(
        Object.entries(motion).map(([name, values]) => [name, [...values]]),
      ) as unknown as SentFrame['motion'],
    }));
  }

  it('labels frames as Node does, from bytes, by an engine of the test', async () => {
    const runtime = fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
    const { outputFiles } = await build({
      ...FOR_BROWSERS,
      entryPoints: [join(ROOT, 'test/core-page.ts')],
      external: ['node:*'],
    });
    const files: Record<string, () => string | Uint8Array> = {
      '/': () => '<!doctype html><script type="module" src="/page.js"></script>',
      '/page.js': () => outputFiles[0].contents,
      '/kernels.wasm': compiledKernels,
      '/ort.wasm': () => readFileSync(runtime),
      '/frames.json': () => JSON.stringify(sent()),
    };
    const server = createServer(({ url = '/' }, response) => {
      const type = { '/': 'text/html', '/page.js': 'text/javascript' }[url] ?? 'application/octet-stream';
      const model = url.match(/^\/model\/([\w.]+)$/)?.[1];
      const contents = model ? readFileSync(join(PAPER_MODEL, model)) : files[url]?.();
      response.writeHead(contents ? 200 : 404, { 'content-type': type }).end(contents);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await using opened = await openBrowser();
      const page = await opened.browser.newPage();
      const failures: string[] = [];
      page.on('pageerror', ({ message }) => failures.push(message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const expected = await labelsOnNode();
      expect(new Set(expected[0]).size).toBeGreaterThan(3);
      // What works in a Web Worker is twnet/web's: web.test.ts.
      const found = (await page.evaluate('segmentFrames()')) as number[][];
      expect(failures).toEqual([]);
      expect(found).toHaveLength(expected.length);
      // Two builds of ONNX Runtime round differently: pixels between two classes may fall to either.
      for (const [t, labels] of expected.entries()) {
        const same = labels.filter((label, i) => label === found[t][i]).length / labels.length;
        console.log(`frame ${t}: ${(100 * same).toFixed(3)} % of the labels are Node's`);
        expect(same).toBeGreaterThan(0.999);
      }
    } finally {
      server.close();
    }
  });
});
