import { Script } from 'node:vm';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { escaped } from './escaped.js';
import { type PageData, type PageFrame, type PageRun, renderPage } from './page.js';
import { gridUri, labelsUri, pictureUri } from './pictures.js';

const run = (name: string, meanIou: number): PageRun => ({
  name,
  meanIou,
  classIou: [meanIou, Number.NaN],
  points: [0, 1, 2].map((distance) => ({ distance, meanIou: meanIou - distance / 100 })),
  framesPerSecond: 10,
  flicker: 0.05,
  stages: { decode: 1, network: 8 },
});

const frame = (distance: number): PageFrame => ({
  type: distance === 0 ? 'I' : 'P',
  kind: distance === 0 ? 'key' : 'nonkey',
  distance,
  ...{ image: 'data:a', truth: 'data:b', perFrame: 'data:c', twnet: 'data:d' },
});

const data: PageData = {
  title: 'A <b>title</b> & "more"',
  about: ['about </script> it'],
  command: 'twnet demo',
  width: 8,
  height: 6,
  framesPerSecond: 15,
  frameCount: 3,
  classes: ['sky', '<road>'],
  palette: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  perFrame: run('alone', 0.5),
  twnet: { ...run('with motion', 0.48), framesPerSecond: 15 },
  warpAlone: run('warped', 0.4),
  frames: [frame(0), frame(1), { ...frame(2), image: 'data:</script><i>' }],
};

/** What stands between the tags of the only element with these attributes. */
const inside = (page: string, open: RegExp): string => {
  const found = open.exec(page);
  expect(found).not.toBeNull();
  const start = found!.index + found![0].length;
  return page.slice(start, page.indexOf('</script>', start));
};

describe('renderPage', () => {
  const page = renderPage(data);

  it('stands alone: no address of anything outside', () => {
    expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(
      /https?:|src="(?!data:)|<link|@import|url\((?!#)/,
    );
  });

  it('escapes text, in elements as in scripts', () => {
    expect(page).toContain('A &lt;b&gt;title&lt;/b&gt; &amp; &quot;more&quot;');
    expect(page).toContain('&lt;road&gt;');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(escaped(`<&>"'`)).toBe('&lt;&amp;&gt;&quot;&#39;');
  });

  it('holds the frames as data and a script that browsers can read', () => {
    const json = JSON.parse(inside(page, /<script type="application\/json" id="frames">/));
    expect(json.frames).toEqual(data.frames);
    expect(json).toMatchObject({ width: 8, height: 6, framesPerSecond: 15 });
    const script = inside(page, /<script>/);
    expect(() => new Script(script)).not.toThrow();
    // Every element that the script looks for by name is there.
    const names = [...script.matchAll(/(?:element|contextOf)\(["'](\w+)["']\)|["'](errors\w+)["']/g)];
    expect(names.length).toBeGreaterThan(5);
    for (const [, a, b] of names) expect(page).toContain(`id="${a ?? b}"`);
    for (const id of ['image', 'truth', 'perFrame', 'twnet', 'residual', 'attention'])
      expect(page).toContain(`id="${id}"`);
  });

  it('shows the figures, a dash where a class does not occur', () => {
    expect(page).toContain('<b>96.0</b>');
    expect(page).toContain('<b>1.50×</b>');
    expect(page).toContain('<td>–</td>');
    expect(page).toMatch(/<svg viewBox="0 0 720 320"/);
    // Starts at the frame that warping has gone furthest to.
    expect(page).toContain('max="2" value="2"');
  });
});

const decoded = async (uri: string) => {
  const bytes = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
  return sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
};

describe('pictures', () => {
  it('keep labels exactly, in their colours', async () => {
    const labels = Uint8Array.of(0, 1, 255, 1, 0, 0);
    const { data: pixels, info } = await decoded(await labelsUri(labels, 3, 2, data.palette));
    expect(info).toMatchObject({ width: 3, height: 2, channels: 3 });
    expect([...pixels]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0, 4, 5, 6, 1, 2, 3, 1, 2, 3]);
  });

  it('keep planar colours in their places', async () => {
    const planes = new Uint8Array(3 * 64).fill(200, 0, 64).fill(40, 64, 128).fill(90, 128);
    const { data: pixels } = await decoded(await pictureUri(planes, 8, 8));
    [200, 40, 90].forEach((value, plane) => {
      expect(Math.abs(pixels[plane] - value)).toBeLessThan(8);
    });
  });

  it('show grids from black to white, clipped', async () => {
    const { data: pixels } = await decoded(await gridUri(Float32Array.of(-1, 0, 2, 4, 9, 1), 3, 2, 4));
    expect([...pixels].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 127, 255, 255, 63]);
  });
});
