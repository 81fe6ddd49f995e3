/** `twnet submit`, `worker` and `jobs`: what comes out is what `twnet segment` writes. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMadeSegmenter } from '@twnet/testing/made-segmenter';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { hasRedis, isExcused, RedisServer } from './redis-server.js';
import { startTwnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { BUCKET, startBucket } from './s3-server.js';

let redis: RedisServer;
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const METHOD = () => ['--model', at('model')];

beforeAll(async () => {
  if (!hasRedis()) return;
  redis = await RedisServer.start();
  folder = mkdtempSync(join(tmpdir(), 'twnet-queue-'));
  await writeMadeSegmenter(at('model'), { accurate: { bidirectional: true } });
  mkdirSync(at('archive', 'day'), { recursive: true });
  const clip = (frames: number) => movingTexture(96, 64, frames, 2.5, 1);
  const X264 = {
    crf: 12,
    preset: 'veryfast',
    'x264-params': 'open-gop=1:bframes=2:keyint=8:min-keyint=8:scenecut=0:log-level=none',
  };
  await makeStream(clip(40), { output: at('archive', 'open.mp4'), encoder: 'libx264', options: X264 });
  await makeStream(clip(26), {
    output: at('archive', 'day', 'paper.avi'),
    encoder: 'mpeg4',
    gop: 12,
    options: { qscale: 3 },
  });
  await makeStream(clip(20), { output: at('archive', 'day', 'raw.h264'), encoder: 'libx264', options: X264 });
}, 60_000);
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function ran(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await twnetHere(...args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}
const queue = () => ['--queue', redis.address];
const jobs = async () => JSON.parse(await ran('jobs', '--json', ...queue()));

/** What can be read, else what tells it from all others. */
const contentOf = (name: string, bytes: Uint8Array): string =>
  name.endsWith('.json')
    ? Buffer.from(bytes).toString()
    : `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;

/** All files below a folder, but for what lists them with their times. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names
      .filter(({ name }) => name !== '.twnet.json')
      .map(({ parentPath, name }) => [
        join(parentPath, name).slice(path.length),
        contentOf(name, readFileSync(join(parentPath, name))),
      ]),
  );
}

describe.skipIf(isExcused())('a queue', () => {
  it('gives what one machine writes, byte for byte, and does nothing twice', async () => {
    const out = at('out');
    const submitted = ['submit', at('archive'), '--out', out, '--overlay', '--job-frames', '8'];
    const submitAndWork = async () => {
      await ran(...submitted, ...METHOD(), ...queue());
      await ran('worker', '--storage', folder, '--until-empty', ...queue());
    };
    await submitAndWork();
    const after = await jobs();
    expect(after).toMatchObject({ waiting: 0, active: 0, failed: 0, completed: 3 });
    // 5 groups of the one, 2 and 1 of those whose frames are told apart, one of the raw stream.
    expect(after.totals).toMatchObject({ frames: 86, groups: 9, merges: 3 });
    for (const name of ['open.mp4', 'day/paper.avi', 'day/raw.h264']) {
      const source = at('archive', name);
      const base = name.replace(/\.\w+$/, '');
      await ran('segment', source, '-o', at('one', `${base}.mp4`), '--labels', at('one', base), ...METHOD());
      expect(contents(join(out, base)), name).toEqual(contents(at('one', base)));
      expect(
        readFileSync(join(out, `${base}-segmented.mp4`)).equals(readFileSync(at('one', `${base}.mp4`))),
      ).toBe(true);
    }
    expect(readdirSync(join(out, '.twnet', 'parts'))).toEqual([]);
    expect(readdirSync(join(out, '.twnet', 'tmp'))).toEqual([]);

    await submitAndWork();
    expect((await jobs()).totals).toEqual(after.totals);
  }, 120_000);

  it('reads and writes a bucket', async () => {
    await using bucket = await startBucket();
    const { storageOf } = (await import(
      new URL('../packages/twnet/dist/twnet/src/queue/storage.js', import.meta.url).href
    )) as typeof import('../packages/twnet/src/queue/storage.js');
    const place = (...parts: string[]) => ['s3:/', BUCKET, ...parts].join('/');
    const storage = await storageOf(place('in'));
    for (const name of ['open.mp4', 'day/paper.avi'])
      await storage.write(place('in', name), readFileSync(at('archive', name)));
    // Large enough to be read in parts: with a box behind it that means nothing.
    const nothing = Buffer.alloc(6e6);
    nothing.writeUInt32BE(nothing.length);
    nothing.write('free', 4);
    await storage.write(
      place('in', 'large.mp4'),
      Buffer.concat([readFileSync(at('archive', 'open.mp4')), nothing]),
    );
    const before = (await jobs()).totals;
    await ran(
      'submit',
      place('in/'),
      '--out',
      place('out'),
      '--overlay',
      '--job-frames',
      '8',
      ...METHOD(),
      ...queue(),
    );
    await ran('worker', '--storage', place(), '--storage', folder, '--until-empty', ...queue());
    const { failed, totals } = await jobs();
    expect(failed).toBe(0);
    // Whole to be planned and to be drawn over, which may be tried again; for each of five groups a part.
    expect(totals.bytesRead - before.bytesRead).toBeLessThan(4 * nothing.length);
    expect(totals.bytesWritten).toBeGreaterThan(before.bytesWritten);
    const written: Record<string, string> = {};
    for await (const { location } of storage.list(place('out')))
      written[location.slice(place('out').length)] = contentOf(location, (await storage.read(location))!);
    const results = Object.keys(written)
      .filter((name) => !name.startsWith('/.twnet/'))
      .sort();
    const expected = contents(at('out'));
    const same = Object.keys(expected).filter(
      (name) => !name.startsWith('/.twnet/') && !name.includes('raw'),
    );
    const ofLarge = same
      .filter((name) => name.startsWith('/open'))
      .map((name) => name.replace('open', 'large'));
    expect(results).toEqual([...same, ...ofLarge].sort());
    for (const name of results) {
      const like = expected[name.replace(/^\/large/, '/open')];
      if (name.endsWith('labels.json'))
        expect(written[name].replace('/large.mp4', '/open.mp4')).toBe(
          like.replace(at('archive'), place('in')),
        );
      else expect(written[name], name).toBe(like);
    }
    expect(Object.keys(written).filter((name) => name.startsWith('/.twnet/parts'))).toEqual([]);
    expect(bucket.folder).toContain('twnet-s3');
  }, 120_000);

  it('goes on where a worker was killed, and Redis with it', async () => {
    const out = at('killed');
    // When jobs were looked after last is in Redis, by the patience of whoever did.
    await using own = await RedisServer.start();
    const ownQueue = ['--queue', own.address];
    const source = at('archive', 'open.mp4');
    await ran('submit', source, '--out', out, '--job-frames', '8', ...METHOD(), ...ownQueue);
    const worker = ['worker', '--storage', folder, '--patience', '2', ...ownQueue];
    const { child, finished } = startTwnet(...worker);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => {
        if (/group .*from frame \d+: 8 frames/.test(text)) resolve();
      });
    });
    child.kill('SIGKILL');
    await finished;
    await own.kill();
    await own.up();
    await ran(...worker, '--until-empty');
    expect(JSON.parse(await ran('jobs', '--json', ...ownQueue))).toMatchObject({
      waiting: 0,
      active: 0,
      videos: 0,
      failed: 0,
    });
    expect(contents(join(out, 'open'))).toEqual(contents(at('one', 'open')));
  }, 120_000);

  it('names what cannot be done, and sets it aside', async () => {
    writeFileSync(at('archive', 'text.mp4'), 'This is no video.');
    const outside = mkdtempSync(join(tmpdir(), 'twnet-outside-'));
    writeFileSync(join(outside, 'secret.mp4'), readFileSync(at('archive', 'open.mp4')));
    symlinkSync(join(outside, 'secret.mp4'), at('archive', 'link.mp4'));
    const add = (name: string) =>
      ran('submit', at('archive', name), '--out', at('bad'), ...METHOD(), ...queue());
    for (const name of ['text.mp4', 'link.mp4']) await add(name);
    await ran('worker', '--storage', folder, '--until-empty', ...queue());
    const { failures } = await jobs();
    expect(failures).toHaveLength(2);
    const reasons = failures.map(({ reason }: { reason: string }) => reason).join();
    expect(reasons).toMatch(/text\.mp4: is not a video but text/);
    expect(reasons).toMatch(/link\.mp4: is not below the storage of this worker/);
    rmSync(at('archive', 'link.mp4'));
    rmSync(outside, { recursive: true });
    writeFileSync(at('archive', 'text.mp4'), readFileSync(at('archive', 'open.mp4')));
    expect(await ran('jobs', '--retry', ...queue())).toMatch(/submitted 2 videos again/);
    await ran('worker', '--storage', folder, '--until-empty', ...queue());
    expect((await jobs()).failures).toMatchObject([{ kind: 'video', source: at('archive', 'link.mp4') }]);
    expect(readdirSync(at('bad', 'text'))).toHaveLength(42);
    await ran('jobs', '--cancel', ...queue());
    expect(await jobs()).toMatchObject({ failed: 0, completed: 0 });
  }, 120_000);

  it('finds all videos below a folder, however many', async () => {
    // Node 20 leaves some out where it is to look into folders itself.
    const many = at('many');
    for (const day of ['a', 'b']) {
      mkdirSync(join(many, day), { recursive: true });
      for (let i = 0; i < 100; i++) writeFileSync(join(many, day, `${i}.mp4`), '');
    }
    const said = await ran('submit', many, '--out', at('none'), '--json', ...METHOD(), ...queue());
    expect(JSON.parse(said)).toMatchObject({ videos: 200 });
    expect(await jobs()).toMatchObject({ waiting: 200 });
    await ran('jobs', '--cancel', ...queue());
  });

  it('refuses in one line', async () => {
    const source = at('archive', 'open.mp4');
    const refused = async (pattern: RegExp, ...args: string[]) => {
      const result = await twnetHere(...args);
      expectOneLine(result, 2, pattern);
    };
    await refused(/no Redis answers there \(refused\)/, 'jobs', '--queue', 'redis://127.0.0.1:1');
    await refused(/holds a password/, 'jobs', '--queue', 'redis://me:secret@127.0.0.1:1');
    await refused(/no address of a Redis server/, 'worker', '--queue', 'http://x');
    await refused(/there is no video/, 'submit', at('model'), '--out', at('x'), ...queue());
    await refused(/then nothing is written/, 'submit', source, '--out', at('x'), '--no-labels', ...queue());
  });
});
