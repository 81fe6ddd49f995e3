/** Pages on two servers, one that sends the headers by which WebAssembly has threads and one that does not; and a browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EncodeOptions, encodeVideo } from '@twnet/node/video/encode-video';
import { streetScene } from '@twnet/train/data/street-clip';
import type { Browser } from 'playwright-core';
import { buildStudio } from '../tools/studio/build.js';
import { type ServedFolder, serveFolder } from '../tools/studio/serve.js';
import { openBrowser } from './browser.js';

export const SIZE = { width: 128, height: 96 };
export const FRAMES = 5;
const GROUP = 4;
export const WAIT = { timeout: 30_000 };

/** A camera that makes its pictures; as the screen the page itself. */
const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=display-media-type=browser',
  '--use-fake-ui-for-media-stream',
];

export interface WebSite extends AsyncDisposable {
  readonly folder: string;
  readonly browser: Browser;
  readonly isolated: ServedFolder;
  readonly plain: ServedFolder;
  /** A rendered street, through a codec. */
  writeClip(name: string, coding: Partial<EncodeOptions>): Promise<string>;
}

export async function openWebSite(): Promise<WebSite> {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-web-'));
  await buildStudio(folder, {
    entries: { page: fileURLToPath(new URL('browser-pages/segment-page.ts', import.meta.url)) },
    ...{ models: ['cityscapes'], webgpu: false, minify: false, sample: false },
  });
  writeFileSync(join(folder, 'page.html'), '<!doctype html><script type="module" src="page.js"></script>');
  const [opened, isolated, plain] = await Promise.all([
    openBrowser({ isolates: true, args: FAKE_DEVICES }),
    serveFolder(folder, { isolated: true }),
    serveFolder(folder, { isolated: false }),
  ]);
  return {
    ...{ folder, isolated, plain, browser: opened.browser },
    async writeClip(name, coding) {
      const output = join(folder, name);
      const { scene } = streetScene(3, 1, SIZE.width, SIZE.height);
      const writer = await encodeVideo({ output, ...SIZE, frameRate: 15, gop: GROUP, ...coding });
      for (let t = 0; t < FRAMES; t++) await writer.write(scene.frame(t).pixels);
      await writer.finish();
      return output;
    },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await Promise.all([isolated, plain].map((server) => server[Symbol.asyncDispose]()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
