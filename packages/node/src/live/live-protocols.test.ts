/** Each kind of address that cameras and streams have, from a real sender on this machine. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { type LoopedClip, loopedClip } from '@twnet/testing/looped-stream';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { publish } from '@twnet/testing/published-stream';
import { RtspCamera } from '@twnet/testing/rtsp-camera';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveSourceOptions, liveItems } from './live-source.js';

const folder = new TestFolder();
let clip: LoopedClip;

beforeAll(async () => {
  const spec = { encoder: 'libx264', options: { preset: 'ultrafast', tune: 'zerolatency', refs: 1 } };
  await makeStream(movingTexture(96, 64, 12, 2, 1), { ...spec, output: folder.at('a.mp4') });
  clip = await loopedClip(folder.at('a.mp4'));
});
afterAll(() => {
  clip[Symbol.dispose]();
  folder[Symbol.dispose]();
});

/** Reads a few frames. @returns their kinds, and the size they are said to have */
async function read(source: string, options: Partial<LiveSourceOptions> = {}) {
  const stop = new AbortController();
  const types: string[] = [];
  const vectors: number[] = [];
  let size = '';
  for await (const item of liveItems(source, {
    ...{ reconnect: false, timeout: 5, ...options },
    signal: stop.signal,
  })) {
    if (item.kind === 'lost') throw new Error(`lost: ${item.why}`);
    if (item.kind === 'open') size = `${item.video.info.fullWidth}×${item.video.info.fullHeight}`;
    if (item.kind !== 'frame') continue;
    types.push(item.frame.pictureType);
    vectors.push(item.frame.motion.count);
    if (types.length === 20) stop.abort();
  }
  expect(size).toBe('96×64');
  expect(types[0]).toBe('I');
  expect(types.filter((type) => type === 'I').length).toBeLessThan(5);
  expect(vectors.filter((count) => count > 0).length).toBeGreaterThan(10);
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe('a camera behind RTSP', () => {
  it('is read over TCP and over UDP, with the password that its address has', async () => {
    await using camera = await RtspCamera.start(clip, 2);
    await read(camera.address);
    await read(camera.address, { live: { transport: 'udp' } });
    expect(camera.transports[0]).toMatch(/TCP.*interleaved/);
    expect(camera.transports[1]).toMatch(/client_port/);
    await expect(read(camera.address.replace('p4ss', 'wrong'))).rejects.toThrow(
      /viewer:…@.*(401|denied|auth)/i,
    );
  });
});

describe('a stream', () => {
  it('is read by UDP, from where it is when it is joined', async () => {
    const stop = new AbortController();
    const url = `udp://127.0.0.1:${await freePort()}`;
    const sent = publish(clip, { url: `${url}?pkt_size=1316`, speed: 2, signal: stop.signal });
    await read(url);
    stop.abort();
    await sent;
  });

  it('is read by SRT', async () => {
    const stop = new AbortController();
    const url = `srt://127.0.0.1:${await freePort()}`;
    const sent = publish(clip, { url: `${url}?mode=listener`, speed: 2, signal: stop.signal });
    await read(url, { reconnect: false });
    stop.abort();
    await sent;
  });

  it('is read by HLS, behind its playlist', async () => {
    const stop = new AbortController();
    const sent = publish(clip, {
      ...{ url: folder.at('live.m3u8'), format: 'hls', speed: 3, signal: stop.signal },
      options: { hls_time: '0.4', hls_list_size: '6' },
    });
    const server = createServer(({ url = '' }, response) => {
      const path = folder.at(basename(url));
      if (existsSync(path)) createReadStream(path).pipe(response);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    while (readdirSync(folder.at('.')).filter((file) => file.endsWith('.ts')).length < 4)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await read(`http://127.0.0.1:${(server.address() as AddressInfo).port}/live.m3u8`);
    stop.abort();
    await sent;
    server.closeAllConnections();
    server.close();
  });
});
