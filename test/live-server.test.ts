/** What `--serve` gives: the page in a real browser, frames, figures, and nothing to strangers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { Broadcast } from '@twnet/node/live/broadcast';
import { EventDelivery, type LiveEvent, mqttBroker, webhook } from '@twnet/node/live/event-sinks';
import { LiveServer, servedAddress } from '@twnet/node/live/live-server';
import { LiveSession } from '@twnet/node/live/session';
import { Model } from '@twnet/node/model/model';
import { type LoopedClip, loopedClip } from '@twnet/testing/looped-stream';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { StreamServer } from '@twnet/testing/stream-server';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openBrowser } from './browser.js';

const folder = new TestFolder();
const stop = new AbortController();
let clip: LoopedClip;
let source: StreamServer;
let model: Model;
let session: LiveSession;
let broadcasts: Map<string, Broadcast>;
let server: LiveServer;
let running: Promise<unknown>;

beforeAll(async () => {
  const spec = {
    encoder: 'libx264',
    gop: 10,
    options: { preset: 'ultrafast', tune: 'zerolatency', refs: 1 },
  };
  await makeStream(movingTexture(96, 64, 40, 2, 1), { ...spec, output: folder.at('clip.mp4') });
  clip = await loopedClip(folder.at('clip.mp4'));
  source = await new StreamServer(clip).start();
  model = await Model.open();
  const { classes, palette } = model.card;
  broadcasts = new Map([['yard', new Broadcast(palette)]]);
  session = new LiveSession(
    { model, threads: 1, cameras: [{ name: 'yard', source: source.address, late: 'warp', reconnect: true }] },
    { onFrame: (frame) => broadcasts.get(frame.camera)!.take(frame) },
  );
  running = session.run(stop.signal);
  server = await LiveServer.open(
    { cameras: session.cameras, broadcasts, classes, palette },
    servedAddress(':0'),
  );
});
afterAll(async () => {
  stop.abort();
  await running;
  await server.close();
  await source.kill();
  clip[Symbol.dispose]();
  folder[Symbol.dispose]();
});

describe('the page', () => {
  it('shows picture and labels as they come, and how the camera does', async () => {
    await using opened = await openBrowser();
    const page = await opened.browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => failures.push(message));
    await page.goto(server.address);
    const until = async (condition: string) => {
      while (!(await page.evaluate(condition))) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until("Number(document.querySelector('#camera-yard')?.dataset.frames) > 10");
    const drawn = (await page.evaluate(`(() => {
      const [picture, labels] = document.querySelectorAll('#camera-yard canvas');
      const values = (canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size;
      return { picture: values(picture), labels: values(labels), width: picture.width };
    })()`)) as Record<string, number>;
    expect(drawn.width).toBe(192);
    expect(drawn.picture).toBeGreaterThan(50);
    expect(drawn.labels).toBeGreaterThan(2);
    await until("/live/.test(document.querySelector('#camera-yard dl')?.textContent)");
    const text = await page.textContent('#camera-yard dl');
    expect(text).toMatch(/lag\s*\d+ ms/);
    expect(text).toMatch(/by network\s*\d+ %/);
    expect(await page.locator('li').count()).toBe(model.card.classes.length);
    expect(failures).toEqual([]);
  });
});

describe('other programs', () => {
  it('get frames by WebSocket: a header, a JPEG and labels whose values are classes', async () => {
    const socket = new WebSocket(`${server.address.replace('http', 'ws')}ws/yard`);
    const message = await new Promise<Buffer>((resolve, reject) => {
      socket.on('message', resolve);
      socket.on('error', reject);
    });
    socket.close();
    const length = message.readUInt32LE(0);
    const header = JSON.parse(message.toString('utf8', 4, 4 + length));
    expect(header).toMatchObject({ by: expect.stringMatching(/network|warp/), lag: expect.any(Number) });
    const at = 4 + length;
    expect(message.length).toBe(at + header.picture + header.labels);
    const jpeg = await sharp(message.subarray(at, at + header.picture)).metadata();
    expect(jpeg).toMatchObject({ format: 'jpeg', width: 192, height: 128 });
    const png = await sharp(message.subarray(at + header.picture)).metadata();
    expect(png).toMatchObject({ format: 'png', width: 96, height: 64 });
  });

  it('get pictures with labels as MJPEG, and figures as Prometheus reads them', async () => {
    const response = await fetch(`${server.address}mjpeg/yard`);
    expect(response.headers.get('content-type')).toMatch(/^multipart\/x-mixed-replace; boundary=/);
    const reader = response.body!.getReader();
    let bytes = Buffer.alloc(0);
    while ((bytes.toString('latin1').match(/Content-Type: image\/jpeg/g) ?? []).length < 3)
      bytes = Buffer.concat([bytes, (await reader.read()).value!]);
    await reader.cancel();
    const lines = (await (await fetch(`${server.address}metrics`)).text()).trimEnd().split('\n');
    for (const line of lines)
      expect(line).toMatch(/^(# (HELP|TYPE) twnet_\w+ .+|twnet_\w+\{camera="yard"(,\w+="[^"]+")?\} [\d.]+)$/);
    expect(lines.filter((line) => line.startsWith('twnet_frames_labelled_total'))).toHaveLength(2);
    expect(lines).toContain('twnet_up{camera="yard"} 1');
  });

  it('get nothing for other names, and nothing where they come by a name of somebody else', async () => {
    for (const path of ['mjpeg/none', 'x', 'ws/yard'])
      expect((await fetch(`${server.address}${path}`)).status).toBe(404);
    const { port } = new URL(server.address);
    const status = await new Promise<number>((resolve) => {
      void import('node:http').then(({ get }) =>
        get({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, ({ statusCode }) =>
          resolve(statusCode!),
        ),
      );
    });
    expect(status).toBe(403);
    const stranger = new WebSocket(`ws://127.0.0.1:${port}/ws/yard`, { origin: 'http://evil.example' });
    await expect(
      new Promise((resolve, reject) => stranger.on('open', resolve).on('error', reject)),
    ).rejects.toThrow(/403/);
  });
});

describe('beyond this machine', () => {
  it('asks for a token, in the address, a header or a cookie', async () => {
    const { classes, palette } = model.card;
    await using open = await LiveServer.open(
      { cameras: session.cameras, broadcasts, classes, palette },
      servedAddress('0.0.0.0:0'),
    );
    const { port, searchParams } = new URL(open.address);
    const token = searchParams.get('token')!;
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    const ask = async (path: string, headers = {}) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    expect(await ask('/')).toBe(401);
    expect(await ask(`/?token=${token.slice(1)}0`)).toBe(401);
    expect(await ask(`/?token=${token}`)).toBe(200);
    expect(await ask('/metrics', { authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask('/cameras.json', { cookie: `a=b; twnet=${token}` })).toBe(200);
  });

  it('is where it is told, and nowhere else', () => {
    expect(servedAddress(':8080')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(servedAddress('8080')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(servedAddress('0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 });
    expect(servedAddress('[::1]:80')).toEqual({ host: '::1', port: 80 });
    for (const text of ['x', ':99999', 'a b:1']) expect(() => servedAddress(text)).toThrow(/give a port/);
  });
});

describe('events', () => {
  const event: LiveEvent = {
    at: '2026-01-01T00:00:00.000Z',
    camera: 'yard',
    rule: 'door',
    event: 'enters',
    seconds: 1,
    share: 0.5,
  };

  it('reach a webhook, after it was down', async () => {
    const bodies: string[] = [];
    let calls = 0;
    const hook = createServer((request, response) => {
      if (calls++ === 0) return void response.writeHead(500).end();
      request.setEncoding('utf8').on('data', (text) => bodies.push(text));
      request.on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => hook.once('listening', resolve));
    const problems: string[] = [];
    const delivery = new EventDelivery(
      webhook(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/in`),
      (text) => problems.push(text),
    );
    delivery.add(event);
    delivery.add({ ...event, event: 'leaves' });
    while (bodies.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await delivery.finish();
    hook.closeAllConnections();
    hook.close();
    expect(bodies.map((body) => JSON.parse(body).event)).toEqual(['enters', 'leaves']);
    expect(problems).toEqual([expect.stringMatching(/HTTP 500; trying again/)]);
  });

  it('reach a broker of MQTT', async () => {
    // As much of a broker as takes one message of quality 1.
    const published: Buffer[] = [];
    const broker = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        if (data[0] >> 4 === 1) socket.write(Buffer.of(0x20, 2, 0, 0));
        if (data[0] >> 4 !== 3) return;
        published.push(data);
        const topic = data.readUInt16BE(2);
        socket.write(Buffer.concat([Buffer.of(0x40, 2), data.subarray(4 + topic, 6 + topic)]));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => broker.once('listening', resolve));
    const delivery = new EventDelivery(
      await mqttBroker(`mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}/home`),
      () => undefined,
    );
    delivery.add(event);
    while (published.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await delivery.finish();
    broker.close();
    const text = published[0].toString('latin1');
    expect(text).toContain('home/yard/door');
    expect(text).toContain('"event":"enters"');
  });
});
