/** A queue and a bucket behind TLS; a worker whose disk is full. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { writeMadeSegmenter } from '@twnet/testing/made-segmenter';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { CERTIFICATE, hasRedis, isExcused, KEY, RedisServer } from './redis-server.js';
import { INSTALLED, runOf } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { BUCKET, startBucket } from './s3-server.js';

let redis: RedisServer;
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  if (!hasRedis()) return;
  redis = await RedisServer.start('everysec', true);
  folder = mkdtempSync(join(tmpdir(), 'twnet-places-'));
  await writeMadeSegmenter(at('model'), { accurate: { bidirectional: true } });
  await makeStream(movingTexture(96, 64, 12, 2.5, 1), {
    output: at('clip.avi'),
    encoder: 'mpeg4',
    gop: 6,
    options: { qscale: 3 },
  });
  await here('segment', at('clip.avi'), '--labels', at('one'), '--model', at('model'));
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await redis?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function here(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await twnetHere(...args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}
const pictures = (path: string) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.png'))
    .map((name) => readFileSync(join(path, name)).toString('base64'));

describe.skipIf(isExcused())('a queue', () => {
  it('and a bucket are spoken to by TLS', async () => {
    const queue = ['--queue', `rediss://127.0.0.1:${redis.tlsPort}`];
    await using bucket = await startBucket();
    const plain = Number(new URL(process.env.AWS_ENDPOINT_URL_S3!).port);
    const door = createServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) }, (socket) => {
      const inner = connect(plain, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner]) end.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `https://127.0.0.1:${(door.address() as AddressInfo).port}`);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', CERTIFICATE);
    try {
      // A process reads at its start whom it trusts: this one trusts nobody but the known authorities.
      expectOneLine(
        await twnetHere('jobs', ...queue),
        2,
        /no Redis answers there \(its certificate is not .*NODE_EXTRA_CA_CERTS\)/,
      );
      const place = (name: string) => `s3://${BUCKET}/${name}`;
      const untrusting = await twnetHere(
        'submit',
        place(''),
        '--out',
        place('out'),
        '--model',
        at('model'),
        '--queue',
        redis.address,
      );
      expect(untrusting.exitCode).toBe(2);
      // Beside what the SDK says of this Node.
      expect(untrusting.stderr).toMatch(
        /^twnet: s3:.*its certificate is not to be trusted.*NODE_EXTRA_CA_CERTS$/m,
      );
      const stored = join(bucket.folder, BUCKET);
      const run = async (...args: string[]) => {
        const { exitCode, stderr } = await runOf(INSTALLED, ...args, ...queue);
        expect(exitCode, stderr).toBe(0);
        return stderr;
      };
      await run('submit', at('clip.avi'), '--out', place('out'), '--model', at('model'));
      const said = await run('worker', '--storage', place(''), '--storage', folder, '--until-empty');
      expect(said).toMatch(/merge .*clip\.avi: 12 frames/);
      expect(readdirSync(stored, { recursive: true }).join()).toMatch(/out\/clip\/labels\.json/);
    } finally {
      vi.unstubAllEnvs();
      door.close();
    }
  }, 60_000);

  it('has what a worker with a full disk could not do done by another', async () => {
    const queue = ['--queue', redis.address];
    const out = at('out');
    await here('submit', at('clip.avi'), '--out', out, '--job-frames', '6', '--model', at('model'), ...queue);
    // Files of more than a kilobyte cannot be written.
    const full = spawn(
      'bash',
      [
        '-c',
        'ulimit -f 1; exec "$@"',
        '',
        process.execPath,
        INSTALLED,
        'worker',
        '--storage',
        folder,
        ...queue,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    for await (const text of full.stderr) {
      said += text;
      if (/from frame 0: .*\n(.*\n)*.*from frame 6: .*\n/.test(said)) break;
    }
    full.kill('SIGTERM');
    await once(full, 'exit');
    expect(said).toMatch(/group .*clip\.avi from frame 0: cannot write .*: the file would be larger than/);
    const { waiting, delayed, failed, videos } = JSON.parse(await here('jobs', '--json', ...queue));
    expect({ waiting: waiting + delayed, failed, videos }).toEqual({ waiting: 2, failed: 0, videos: 1 });
    expect(
      readdirSync(join(out, '.twnet', 'parts'), { recursive: true }).filter((name) =>
        /part/.test(String(name)),
      ),
    ).toEqual([]);
    await here('worker', '--storage', folder, '--until-empty', ...queue);
    expect(pictures(at('out', 'clip'))).toEqual(pictures(at('one')));
  }, 60_000);
});
