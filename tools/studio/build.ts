/** The page as a folder of files. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { StreetScene } from '@twnet/street/street-scene';
import { type BundleOptions, bundleForBrowsers } from './bundle.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STUDIO = join(ROOT, 'packages/studio/src');
/** Rendered once. */
const SAMPLE = join(ROOT, 'node_modules/.cache/twnet/sample-1.mp4');

export interface StudioOptions extends BundleOptions {
  /** The sample clip goes along; default true. */
  readonly sample?: boolean;
  /** More scripts beside the page's. */
  readonly entries?: Readonly<Record<string, string>>;
}

export async function buildStudio(
  folder: string,
  { sample = true, entries: others, ...options }: StudioOptions = {},
): Promise<void> {
  const entries = {
    ...others,
    studio: join(STUDIO, 'page/main.tsx'),
    'studio-worker': join(STUDIO, 'worker/studio-worker.ts'),
    'service-worker': join(STUDIO, 'offline/service-worker.ts'),
  };
  await bundleForBrowsers(entries, folder, { models: ['camvid', 'cityscapes'], ...options });
  copyFileSync(join(STUDIO, 'page/index.html'), join(folder, 'index.html'));
  const sheets = ['player/look', 'player/player', 'page/studio'];
  const styles = sheets.map((name) => readFileSync(join(STUDIO, `${name}.css`), 'utf8'));
  writeFileSync(join(folder, 'studio.css'), styles.join('\n'));
  if (!sample) return;
  if (!existsSync(SAMPLE)) await renderSample(SAMPLE);
  copyFileSync(SAMPLE, join(folder, 'sample.mp4'));
}

/** Six seconds of a rendered street. */
async function renderSample(output: string): Promise<void> {
  mkdirSync(join(SAMPLE, '..'), { recursive: true });
  const [width, height, frameRate] = [640, 360, 15];
  const scene = new StreetScene({ seed: 20261126, width, height, frameRate });
  const writer = await encodeVideo({ output, width, height, frameRate, codec: 'h264', gop: 12 });
  for (let t = 0; t < 6 * frameRate; t++) await writer.write(scene.frame(t).pixels);
  await writer.finish();
}
