import { Script } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import type { RecordedFrame } from '@twnet/core/segment/recording';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { escaped } from './escaped.js';
import { type PageData, type PageRun, renderPage } from './page.js';
import { labelsUri, pictureUri } from './pictures.js';
import { recordFrame } from './recording.js';

const run = (name: string, meanIou: number): PageRun => ({
  name,
  meanIou,
  classIou: [meanIou, Number.NaN],
  points: [0, 1, 2].map((distance) => ({ distance, meanIou: meanIou - distance / 100 })),
  framesPerSecond: 10,
  flicker: 0.05,
  stages: { decode: 1, network: 8 },
});

const frame = (distance: number): RecordedFrame => ({
  type: distance === 0 ? 'I' : 'P',
  kind: distance === 0 ? 'key' : 'nonkey',
  distance,
  ...{ picture: 'data:a', labels: ['b', 'c'], truth: 'd' },
});

const data: PageData = {
  title: 'A <b>title</b> & "more"',
  about: ['about </script> it'],
  command: 'twnet demo',
  frameCount: 3,
  recording: {
    name: 'clip',
    width: 8,
    height: 6,
    framesPerSecond: 15,
    classes: ['sky', '<road>'],
    palette: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    ways: ['with motion', 'alone'],
    frames: [frame(0), frame(1), { ...frame(2), picture: 'data:</script><i>' }],
  },
  perFrame: run('alone', 0.5),
  twnet: { ...run('with motion', 0.48), framesPerSecond: 15 },
  warpAlone: run('warped', 0.4),
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
    const json = JSON.parse(inside(page, /<script type="application\/json" class="recording">/));
    expect(json).toEqual(data.recording);
    const script = inside(page, /<script>/);
    expect(() => new Script(script)).not.toThrow();
    expect(page).toContain('<div id="viewer"></div>');
    expect(script).toContain('Preact, MIT licence');
  });

  it('shows the figures, a dash where a class does not occur', () => {
    expect(page).toContain('<b>96.0</b>');
    expect(page).toContain('<b>1.50×</b>');
    expect(page).toContain('<td>–</td>');
    expect(page).toMatch(/<svg viewBox="0 0 720 320"/);
  });
});

const decoded = async (uri: string) => {
  const bytes = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
  return sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
};

describe('pictures', () => {
  it('keep labels exactly, in their colours', async () => {
    const labels = Uint8Array.of(0, 1, 255, 1, 0, 0);
    const { data: pixels, info } = await decoded(await labelsUri(labels, 3, 2, data.recording.palette));
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
});

describe('recordFrame', () => {
  it('keeps labels exactly, motion in quarters of a pixel, maps as bytes', async () => {
    const grid = { rows: 1, columns: 2, stride: 4 };
    const labels = Uint8Array.from({ length: 64 }, (_, i) => i % 3);
    const truth = labels.map((label) => (label === 2 ? 255 : label));
    const recorded = await recordFrame(
      {
        ...{ type: 'P', kind: 'nonkey', distance: 1, pixels: new Uint8Array(192).fill(90) },
        ...{ labels: [labels, truth], truth },
        field: {
          ...grid,
          coverage: Float32Array.of(1, 1),
          dx: Float32Array.of(1.25, -3),
          dy: Float32Array.of(0, 0.5),
        },
        residual: { ...grid, data: Float32Array.of(0, 48, 96, 0, 5, 200) },
        attention: Float32Array.of(0.2, 1),
      },
      { width: 8, height: 8 },
    );
    const unpacked = (packed: string) => new Uint8Array(inflateRawSync(Buffer.from(packed, 'base64')));
    expect(recorded.labels.map(unpacked)).toEqual([labels, truth]);
    expect(unpacked(recorded.truth!)).toEqual(truth);
    expect(recorded.grid).toEqual(grid);
    expect(recorded.motion).toEqual({ dx: [5, -12], dy: [0, 2] });
    // Of a cell's planes the largest; 96 and more is white.
    expect([...Buffer.from(recorded.residual!, 'base64')]).toEqual([255, 255]);
    expect([...Buffer.from(recorded.attention!, 'base64')]).toEqual([51, 255]);
  });

  it('leaves out what a key frame does not have', async () => {
    const pixels = new Uint8Array(192);
    const place = { type: 'I', kind: 'key', distance: 0, pixels, labels: [] } as const;
    expect(
      Object.keys(JSON.parse(JSON.stringify(await recordFrame(place, { width: 8, height: 8 })))),
    ).toEqual(['type', 'kind', 'distance', 'picture', 'labels']);
  });
});
