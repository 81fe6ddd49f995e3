/** Sources that have every fault that cameras have: always taken up again, or ended as told. */
import { InputError } from '@twnet/core/errors';
import { type LoopedClip, loopedClip } from '@twnet/testing/looped-stream';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { StreamServer } from '@twnet/testing/stream-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveItem, type LiveSourceOptions, liveItems } from './live-source.js';

const folder = new TestFolder();
let clip: LoopedClip;
let other: LoopedClip;
/** Of groups that are longer than anybody looks into a stream. */
let long: LoopedClip;

beforeAll(async () => {
  const spec = { encoder: 'libx264', options: { preset: 'ultrafast', tune: 'zerolatency', refs: 1 } };
  await makeStream(movingTexture(96, 64, 12, 2, 1), { ...spec, output: folder.at('a.mp4') });
  await makeStream(movingTexture(64, 96, 12, 1, 2), { ...spec, output: folder.at('b.mp4') });
  await makeStream(movingTexture(96, 64, 24, 1, 2), { ...spec, gop: 24, output: folder.at('c.mp4') });
  [clip, other, long] = await Promise.all(
    ['a', 'b', 'c'].map((name) => loopedClip(folder.at(`${name}.mp4`))),
  );
});
afterAll(() => {
  clip[Symbol.dispose]();
  other[Symbol.dispose]();
  long[Symbol.dispose]();
  folder[Symbol.dispose]();
});

const WAIT = { first: 0.01, most: 0.05 };

/** Reads until `done` says that it is enough. */
async function read(
  source: string,
  options: Partial<LiveSourceOptions>,
  done: (items: readonly LiveItem[]) => unknown,
): Promise<LiveItem[]> {
  const controller = new AbortController();
  const items: LiveItem[] = [];
  for await (const item of liveItems(source, {
    ...{ reconnect: true, wait: WAIT, timeout: 2, ...options },
    signal: controller.signal,
  })) {
    items.push(item);
    if (done(items)) controller.abort();
  }
  return items;
}

const framesOf = (items: readonly LiveItem[]) =>
  items.flatMap((item) => (item.kind === 'frame' ? [item] : []));
const lossesOf = (items: readonly LiveItem[]) =>
  items.flatMap((item) => (item.kind === 'lost' ? [item] : []));
const opened = (items: readonly LiveItem[]) => items.filter(({ kind }) => kind === 'open').length;

describe('a source that is lost', () => {
  it('is taken up again, however often its server is killed; times go on', async () => {
    await using server = await new StreamServer(clip, { speed: 8 }).start();
    let kills = 0;
    let seen = 0;
    let isDead = false;
    const items = await read(server.address, {}, (all) => {
      const frames = framesOf(all).length;
      if (all.at(-1)!.kind === 'open') seen = frames;
      if (kills < 20 && !isDead && opened(all) > kills && frames >= seen + 4) {
        kills++;
        isDead = true;
        void server.kill().then(async () => {
          await server.start();
          isDead = false;
        });
      }
      return opened(all) > 20 && frames > seen + 4;
    });
    expect(opened(items)).toBe(21);
    expect(lossesOf(items).length).toBeGreaterThanOrEqual(20);
    const times = framesOf(items).map(({ seconds }) => seconds);
    expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true);
    for (const { frame } of framesOf(items)) expect(frame.arrived).toBeGreaterThan(0);
  });

  it('is tried again with growing waits where nobody answers, and says what is the matter', async () => {
    await using server = await new StreamServer(clip).start();
    await server.kill();
    const items = await read(server.address, {}, (all) => lossesOf(all).length === 5);
    expect(lossesOf(items).map(({ wait }) => wait)).toEqual([0.01, 0.02, 0.04, 0.05, 0.05]);
    for (const { why } of lossesOf(items)) expect(why).toMatch(/refused/);
  });

  it('may be joined in the middle of a group of pictures: its next key frame tells how large it is', async () => {
    await using server = await new StreamServer(long, {
      change: ({ bytes, index }) => (index < 2 ? Buffer.alloc(0) : bytes),
    }).start();
    const items = await read(server.address, { reconnect: false }, (all) => framesOf(all).length === 3);
    expect(opened(items)).toBe(1);
    expect(framesOf(items)[0].frame.pictureType).toBe('I');
  });

  it('ends where it is not to be opened again', async () => {
    await using server = await new StreamServer(clip, { speed: 0, rounds: 2 }).start();
    const items = await read(server.address, { reconnect: false }, () => false);
    expect(framesOf(items)).toHaveLength(24);
    expect(lossesOf(items)).toEqual([{ kind: 'lost', why: 'has ended', wait: undefined }]);
    await server.kill();
    await expect(read(server.address, { reconnect: false }, () => false)).rejects.toThrow(InputError);
  });

  it('counts as lost when it stalls', async () => {
    await using server = await new StreamServer(clip, {
      speed: 8,
      change: ({ bytes, index }, connection) => (connection === 0 && index === 20 ? undefined : bytes),
    }).start();
    const items = await read(
      server.address,
      { timeout: 0.3 },
      (all) => opened(all) === 2 && framesOf(all).length > 30,
    );
    expect(lossesOf(items).map(({ why }) => why)).toEqual(['gave no frame for 0.3 s']);
  });

  it('never gives a password away', async () => {
    const items = await read(
      'rtsp://user:secret@127.0.0.1:9/x',
      { timeout: 1 },
      (all) => lossesOf(all).length === 1,
    );
    expect(JSON.stringify(items)).not.toContain('secret');
  });
});

describe('a source that goes on otherwise than it began', () => {
  it('is read on over garbage', async () => {
    const garbage = Buffer.from(Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251));
    await using server = await new StreamServer(clip, {
      speed: 8,
      change: ({ bytes, index }) => (index > 8 && index % 10 === 0 ? garbage : bytes),
    }).start();
    const items = await read(server.address, {}, (all) => framesOf(all).length > 60);
    expect(opened(items)).toBe(1);
    expect(framesOf(items).some(({ frame }, i) => i > 0 && frame.discontinuity)).toBe(true);
  });

  it('may set its clock back, or change its size from one connection to the next', async () => {
    await using server = await new StreamServer(clip, {
      speed: 8,
      from: (connection) => 1000 - 400 * connection,
      clip: (connection) => (connection === 1 ? other : clip),
      change: ({ bytes, index }, connection) => (connection < 2 && index === 20 ? null : bytes),
    }).start();
    const items = await read(server.address, {}, (all) => opened(all) === 3 && framesOf(all).length > 50);
    const sizes = items.flatMap((item) => (item.kind === 'open' ? [item.video.info.width] : []));
    expect(sizes).toEqual([96, 64, 96]);
    const times = framesOf(items).map(({ seconds }) => seconds);
    expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true);
    expect(times.at(-1)).toBeLessThan(60);
  });
});

describe('a file', () => {
  it('comes at its own pace where it is to be like a camera', async () => {
    const begun = performance.now();
    const items = await read(folder.at('a.mp4'), { reconnect: false, paced: true }, () => false);
    expect(framesOf(items)).toHaveLength(12);
    expect(performance.now() - begun).toBeGreaterThan(430);
    const arrivals = framesOf(items).map(({ frame }) => frame.arrived!);
    for (let i = 1; i < 12; i++) expect(arrivals[i] - arrivals[0]).toBeGreaterThanOrEqual(40 * i - 2);
  });
});
