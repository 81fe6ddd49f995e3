/** Where videos come from: names, lists, pipes, web addresses; and what is said where nothing comes. */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@twnet/core/errors';
import { movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVideo } from '../open-video.js';

const CLIP = movingTexture(96, 64, 12, 2, 1);
const folder = new TestFolder();
let server: Server;
let base: string;
const requests: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  requests.push(pathname);
  const status = /^\/status\/(\d+)/.exec(pathname);
  if (status) return void response.writeHead(Number(status[1])).end();
  if (pathname === '/moved') return void response.writeHead(302, { location: '/ranges/clip.mp4' }).end();
  if (pathname === '/silent') return;
  const file = folder.at(pathname.split('/').at(-1)!);
  const { size } = statSync(file);
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  if (pathname.startsWith('/broken')) {
    response.writeHead(200, { 'content-length': size });
    createReadStream(file, { end: Math.floor(size / 2) })
      .on('end', () => response.destroy())
      .pipe(response, { end: false });
    return;
  }
  if (from && pathname.startsWith('/ranges')) {
    const start = Number(from[1]);
    response.writeHead(206, { 'content-range': `bytes ${start}-${size - 1}/${size}` });
    createReadStream(file, { start }).pipe(response);
    return;
  }
  response.writeHead(200, { 'content-length': size });
  createReadStream(file).pipe(response);
}

beforeAll(async () => {
  for (const ending of ['mp4', 'mkv', 'ts']) await writeClip(folder.at(`clip.${ending}`), CLIP);
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  folder[Symbol.dispose]();
});

async function failureOf(source: string, options = {}): Promise<string> {
  const error = await openVideo(source, options).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error!.message).not.toContain('\n');
  return error!.message;
}

describe('a name', () => {
  it.each([
    'a:b.mp4',
    'concat:a|b.mp4',
    'clip%03d.mp4',
    'subfile,,x,,:y.mp4',
    'data:x',
    'pipe:0',
    '*.mp4',
    'fd:',
  ])('“%s” is that of a file and nothing else', async (name) => {
    writeFileSync(folder.at(name), readFileSync(folder.at('clip.mp4')));
    expect((await readAll(folder.at(name))).frames).toHaveLength(12);
  });

  it.each([
    'concat:a.ts|b.ts',
    'subfile,,start,0,end,0,,:/etc/passwd',
    'data:text/plain,x',
    'pipe:0',
    'fd:',
  ])('“%s” opens nothing but a file', async (name) => {
    expect(await failureOf(name)).toMatch(/no such file/);
  });
});

describe('a list of other files', () => {
  const lists: [string, (path: string, url: string) => string][] = [
    ['ffconcat', (path) => `ffconcat version 1.0\nfile '${path}'\n`],
    ['concat without its header', (path) => `file '${path}'\n`],
    ['HLS', (_, url) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}\n#EXT-X-ENDLIST\n`],
    ['DASH', (_, url) => `<?xml version="1.0"?>\n<MPD><Period><BaseURL>${url}</BaseURL></Period></MPD>`],
    ['SDP', () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n'],
    ['IMF', () => '<?xml version="1.0"?><CompositionPlaylist xmlns="x"></CompositionPlaylist>'],
  ];
  it.each(lists)('%s in disguise is refused and nothing of it opened', async (_name, make) => {
    for (const ending of ['mp4', 'mkv', 'm3u8', 'ffconcat']) {
      const file = folder.at(`list.${ending}`);
      writeFileSync(file, make(folder.at('clip.ts'), `${base}/canary.ts`));
      expect(await failureOf(file)).toMatch(/is not a video but a playlist .*--allow-playlists/);
    }
    expect(requests.filter((path) => path.includes('canary'))).toEqual([]);
  });

  it('is opened where the person says so', async () => {
    const file = folder.at('list.mp4');
    writeFileSync(file, `ffconcat version 1.0\nfile '${folder.at('clip.ts')}'\nfile 'clip.ts'\n`);
    expect((await readAll(file, { allowPlaylists: true })).frames).toHaveLength(24);
    writeFileSync(file, `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nclip.ts\n#EXT-X-ENDLIST\n`);
    expect((await readAll(file, { allowPlaylists: true })).frames).toHaveLength(12);
  });

  it('behind a typed address is opened, but no file of this machine', async () => {
    const list = (entry: string) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${entry}\n#EXT-X-ENDLIST\n`;
    writeFileSync(folder.at('good.m3u8'), list('clip.ts'));
    expect((await readAll(`${base}/good.m3u8`)).frames).toHaveLength(12);
    writeFileSync(folder.at('bad.m3u8'), list(`file://${folder.at('clip.ts')}`));
    expect(await failureOf(`${base}/bad.m3u8`)).toMatch(/is a playlist of which nothing can be played/);
  });
});

describe('what is no video', () => {
  it.each([
    ['x.mp4', Buffer.from('PK\x03\x04rest of it'.padEnd(5000, 'x'), 'latin1'), /a ZIP archive/],
    ['y.mp4', Buffer.from([0x1f, 0x8b, 8, 0, ...Buffer.alloc(500, 7)]), /a gzip archive/],
    ['z.mkv', Buffer.from('%PDF-1.7\n'), /a PDF document/],
    ['w.mp4', Buffer.from('<!DOCTYPE html>\n<html><body>No</body></html>'), /a web page/],
  ])('%s is called by its name', async (name, bytes, message) => {
    writeFileSync(folder.at(name), bytes);
    expect(await failureOf(folder.at(name))).toMatch(message);
  });
});

describe('a FIFO', () => {
  const fifo = (name: string): string => {
    execFileSync('mkfifo', [folder.at(name)]);
    return folder.at(name);
  };

  it('is read once, as it comes', async () => {
    const path = fifo('one');
    const reading = readAll(path);
    createReadStream(folder.at('clip.mkv')).pipe(createWriteStream(path));
    const { video, frames } = await reading;
    expect([frames.length, video.losses]).toEqual([12, []]);
  });

  it('cannot be gone back in: an index at the end is named', async () => {
    const path = fifo('two');
    const failing = failureOf(path);
    createReadStream(folder.at('clip.mp4')).pipe(createWriteStream(path).on('error', () => undefined));
    expect(await failing).toMatch(/its index is at its end.*-movflags \+faststart/);
  });

  it('without a writer is left by a signal', async () => {
    const stop = new AbortController();
    const opening = openVideo(fifo('three'), { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(opening).rejects.toThrow('enough');
  });
});

describe('a web address', () => {
  it.each(['/ranges/clip.mp4', '/whole/clip.mkv', '/whole/clip.ts', '/moved'])('%s is read', async (path) => {
    const { video, frames } = await readAll(base + path);
    expect([frames.length, video.losses]).toEqual([12, []]);
  });

  it.each([
    ['/status/404', /has no such file \(HTTP 404/],
    ['/status/403', /does not allow it \(HTTP 403/],
    ['/status/503', /failed \(HTTP 503/],
    ['/whole/clip.mp4', /its index is at its end, and it comes from a server that gives no parts/],
  ])('%s: the cause is named', async (path, message) => {
    expect(await failureOf(base + path)).toMatch(message);
  });

  it('that answers nothing, refuses, or has no host', async () => {
    expect(await failureOf(`${base}/silent`, { timeout: 0.2 })).toMatch(/has not answered for 0\.2 s/);
    expect(await failureOf('http://127.0.0.1:1/x.mp4')).toMatch(/connection is refused/);
    expect(await failureOf('http://nowhere.invalid/x.mp4')).toMatch(/nowhere\.invalid/);
    expect(await failureOf('gopher://x/y')).toMatch(/no kind of address that is read/);
  });

  it('that breaks off is a loss', async () => {
    const { video, frames } = await readAll(`${base}/broken/clip.mkv`);
    expect(frames.length).toBeLessThan(12);
    expect(video.losses.at(-1)?.what).toMatch(/the rest of it \(the server broke off the connection\)/);
  });
});
