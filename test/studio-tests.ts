/** The studio in a browser, by its own controls. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVideo } from '@twnet/node/video/open-video';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveFolder } from '../tools/studio/serve.js';
import { FRAMES, SIZE, WAIT, type WebSite } from './web-site.js';

/** One page through all of them: each goes on where the one before was. */
export function studioTests(site: () => WebSite): void {
  let page: Page;
  /** What the page complained about, and what it asked of others than its server. */
  const complaints: string[] = [];
  beforeAll(async () => {
    if (!existsSync(join(site().folder, 'clip.mp4'))) await site().writeClip('clip.mp4', { codec: 'h264' });
    const context = await site().browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(site().plain.address) && !/^(blob|data):/.test(url)) complaints.push(url);
    });
    await page.goto(site().plain.address);
  });
  afterAll(() => page?.context().close());

  /** As a hand does it. */
  async function drop(name: string): Promise<void> {
    const bytes = readFileSync(join(site().folder, name)).toString('base64');
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], '${name}'));
      document.querySelector('.app').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
  }
  const said = () => page.textContent('#said');
  /** Of the picture's middle: red, green, blue. */
  const middle = () =>
    page.evaluate<number[]>(`(() => {
      const canvas = document.getElementById('picture');
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext('2d');
      context.drawImage(canvas, 0, 0);
      return [...context.getImageData(canvas.width >> 1, (canvas.height * 7) >> 3, 1, 1).data].slice(0, 3);
    })()`);
  const download = async (button: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
    const path = join(site().folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };

  it('has threads where its server sends no headers for them: by its service worker', async () => {
    await expect.poll(() => page.evaluate('crossOriginIsolated').catch(() => false), WAIT).toBe(true);
    await page.waitForSelector('.drop');
  });

  it('says of a file that is no video what is wrong, and takes the next one', async () => {
    writeFileSync(
      join(site().folder, 'text.mp4'),
      'no video at all, but some text that is long enough to look at',
    );
    await drop('text.mp4');
    await expect.poll(() => page.textContent('[role=alert]'), WAIT).toMatch(/text\.mp4: is no video/);
    await drop('clip.mp4');
    await expect.poll(said, WAIT).toMatch(/frame \d of 5$/);
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });

  it('plays to the end, and steps by keys', async () => {
    await expect.poll(said, WAIT).toMatch(/frame 5 of 5$/);
    await expect.poll(() => page.getAttribute('#play', 'aria-label'), WAIT).toBe('play');
    await page.keyboard.press('ArrowLeft');
    expect(await said()).toMatch(/frame 4 of 5$/);
    await page.keyboard.press('Home');
    await expect.poll(said, WAIT).toMatch(/frame 1 of 5$/);
    expect(await page.textContent('.badge')).toBe('I key frame');
  });

  it('switches classes, opacity and layers', async () => {
    const labelled = await middle();
    await page.click('.legend li:has-text("road") label');
    await expect.poll(middle, WAIT).not.toEqual(labelled);
    const bare = await middle();
    await page.click('.legend li:has-text("road") label');
    await expect.poll(middle, WAIT).toEqual(labelled);
    await page.fill('#opacity', '0');
    await expect.poll(middle, WAIT).toEqual(bare);
    await page.fill('#opacity', '0.5');
    await page.keyboard.press('Escape');
    await page.check('input[value=confidence]');
    await expect.poll(middle, WAIT).not.toEqual(bare);
    await page.check('input[value=labels]');
    await page.check('#vectors');
  });

  it('lays the per-frame network beside motion', async () => {
    await page.locator('#compare').focus();
    await page.check('#compare');
    await page.locator('.wipe').waitFor({ timeout: WAIT.timeout });
    expect(await page.locator('.timing .row').count()).toBe(2);
    expect(await page.textContent('.badge')).toMatch(/100\.0 % alike/);
    await page.uncheck('#compare');
  });

  it('downloads a picture, what frames hold, and the video with its labels', async () => {
    const { format } = await sharp(await download('#png')).metadata();
    expect(format).toBe('png');
    const json = JSON.parse(readFileSync(await download('#json'), 'utf8'));
    expect(json).toMatchObject({ video: 'clip.mp4', ...SIZE, model: { name: 'cityscapes' } });
    expect(json.frames.map(({ kind }: { kind: string }) => kind)).toContain('nonkey');
    for (const [button, codec] of [
      ['#webm', /^vp9$/],
      // As the browser has encoders.
      ['#mp4', /^(h264|av1)$/],
    ] as const) {
      await using video = await openVideo(await download(button));
      expect(video.info).toMatchObject({ ...SIZE, codec: expect.stringMatching(codec) });
      let frames = 0;
      for await (const _ of video) frames++;
      expect(frames).toBe(FRAMES);
    }
  });

  it('fits a telephone, names all it has, and has asked nobody but its server for anything', async () => {
    for (const width of [1280, 800, 360]) {
      await page.setViewportSize({ width, height: 760 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll('button, input, select, canvas, svg')]
        .filter((e) => !e.closest('[aria-hidden=true]') && !e.hidden)
        .filter((e) => !e.ariaLabel && !e.textContent.trim() && !(e.labels?.length > 0)).map((e) => e.outerHTML)`,
    );
    expect(unnamed).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each([
    'Camera',
    'Screen',
  ])('segments the %s in place of a video, as fast as it is drawn', async (source) => {
    if (await page.locator('[aria-label="close the video"]').count())
      await page.click('[aria-label="close the video"]');
    await page.click(`.sources button:has-text("${source}")`);
    await expect.poll(said, WAIT).toMatch(/^frame ([3-9]|\d\d+)$/);
    expect(await page.textContent('.what b')).toBe(source.toLowerCase());
    // Nothing to seek in.
    expect(await page.locator('#frame, #play').count()).toBe(0);
    expect(await page.locator('[role=alert]').count()).toBe(0);
    await page.click('[aria-label="close the video"]');
    await page.waitForSelector('.drop');
  });

  it('works without its server, once it was there', async () => {
    const server = await serveFolder(site().folder, { isolated: false });
    const context = await site().browser.newContext();
    const visitor = await context.newPage();
    try {
      await visitor.goto(server.address);
      const kept = () =>
        visitor
          .evaluate<string[]>(
            `caches.open('twnet-studio').then((cache) => cache.keys()).then((all) => all.map(({ url }) => url))`,
          )
          .catch(() => []);
      for (const part of ['model.json', '.safetensors', 'ort-wasm', 'kernels.wasm', 'studio-worker.js'])
        await expect
          .poll(async () => (await kept()).some((url) => url.includes(part)), { ...WAIT, message: part })
          .toBe(true);
    } finally {
      await server[Symbol.asyncDispose]();
    }
    await visitor.reload();
    expect(await visitor.evaluate('crossOriginIsolated')).toBe(true);
    await visitor.setInputFiles('#file', join(site().folder, 'clip.mp4'));
    await expect.poll(() => visitor.textContent('#said'), WAIT).toMatch(/frame \d of 5$/);
    await context.close();
  });
}
