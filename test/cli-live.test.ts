/** `twnet live` as a process: what it says, what it leaves, however it ends. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Model } from '@twnet/node/model/model';
import { type LoopedClip, loopedClip } from '@twnet/testing/looped-stream';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, readAll, TestFolder } from '@twnet/testing/moving-texture';
import { StreamServer } from '@twnet/testing/stream-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { INSTALLED, runOf, startTwnet, twnet } from './run-cli.js';

const folder = new TestFolder();
let clip: LoopedClip;
let server: StreamServer;

beforeAll(async () => {
  const options = { preset: 'ultrafast', tune: 'zerolatency', refs: 1 };
  const spec = { encoder: 'libx264', gop: 10, options, output: folder.at('clip.mp4') };
  await makeStream(movingTexture(96, 64, 40, 2, 1), spec);
  clip = await loopedClip(folder.at('clip.mp4'));
  server = await new StreamServer(clip).start();
});
afterAll(async () => {
  await server.kill();
  clip[Symbol.dispose]();
  folder[Symbol.dispose]();
});

type Line = Readonly<Record<string, unknown>> & { readonly event: string };
const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Waits until a line of JSON is printed that is as wanted. */
async function printed(
  child: ReturnType<typeof startTwnet>['child'],
  wanted: (line: Line) => boolean,
): Promise<void> {
  let text = '';
  for (;;) {
    const [chunk] = (await once(child.stdout!, 'data')) as [string];
    text += chunk;
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    text = text.slice(whole.length);
    if (whole !== '' && linesOf(whole).some(wanted)) return;
  }
}

describe('twnet live', () => {
  it('labels files to their end, and says what it did', async () => {
    const name = folder.at('clip.mp4');
    const { exitCode, stdout, stderr } = await twnet(
      'live',
      name,
      '--late',
      'wait',
      '-o',
      folder.at('one.mkv'),
      '--quiet',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^camera: 40 frames labelled, 10 % by the network, 90 % by vectors; lag \d+ ms/);
    expect((await readAll(folder.at('one.mkv'))).frames).toHaveLength(40);
    const again = await twnet('live', name, '-o', folder.at('one.mkv'));
    expectOneLine(again, 2, /one\.mkv: exists already/);
  });

  it('leaves recordings that can be played when it is killed, and goes on behind them; Ctrl-C completes them', async () => {
    const args = ['live', server.address, '-o', folder.at('rec/cam-%02d.mp4'), '--segment', '1.4s', '--json'];
    const killed = startTwnet(...args);
    await printed(killed.child, ({ event, path }) => event === 'file' && /cam-02/.test(String(path)));
    // In the middle of the third file's second fragment.
    const third = folder.at('rec/cam-02.mp4');
    while (!readFileSync(third).includes('moof')) await new Promise((resolve) => setTimeout(resolve, 20));
    killed.child.kill('SIGKILL');
    await killed.finished;
    const files = readdirSync(folder.at('rec')).sort();
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files.slice(0, 3))
      expect((await readAll(folder.at(`rec/${file}`))).frames.length, file).toBeGreaterThanOrEqual(5);

    const { classes } = (await Model.open()).card;
    const telling = [
      '--rule',
      `any:${classes.join('+')}:0.5@0,0:1,0:1,1~0s`,
      '--events',
      folder.at('events.jsonl'),
    ];
    const stopped = startTwnet(...args, ...telling, '--serve', ':0');
    await printed(stopped.child, ({ event }) => event === 'file');
    await new Promise((resolve) => setTimeout(resolve, 400));
    stopped.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await stopped.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/interrupted: labelled \d+ frames; the files are complete/);
    const lines = linesOf(stdout);
    expect(lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['serve', 'state', 'file', 'enters', 'end']),
    );
    expect(lines.find(({ event }) => event === 'state')).toMatchObject({
      camera: 'camera',
      state: 'live',
      width: 96,
      height: 64,
    });
    const { path } = lines.find(({ event }) => event === 'file')!;
    expect(files.map((file) => folder.at(`rec/${file}`))).not.toContain(path);
    expect((await readAll(String(path))).frames.length).toBeGreaterThan(3);
    const told = JSON.parse(readFileSync(folder.at('events.jsonl'), 'utf8'));
    expect(told).toMatchObject({ camera: 'camera', rule: 'any', event: 'enters', share: 1 });
    const end = lines.at(-1)!;
    expect(end.lag).toMatchObject({ median: expect.any(Number), p99: expect.any(Number) });
  });

  it('takes more sources than libuv has threads by default', async () => {
    const sources = Array.from({ length: 5 }, () => server.address);
    const run = await runOf(INSTALLED, 'live', ...sources, '--for', '3s', '--json', '--quiet');
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const ends = linesOf(run.stdout).filter(({ event }) => event === 'end');
    expect(ends).toHaveLength(5);
    for (const { byNetwork, byWarp } of ends) expect(Number(byNetwork) + Number(byWarp)).toBeGreaterThan(5);
  });

  it('says in a line what cannot be', async () => {
    const cases: [string[], RegExp][] = [
      [['tcp://127.0.0.1:9', '--no-reconnect'], /tcp:\/\/127\.0\.0\.1:9: the connection is refused/],
      [['rtsp://u:secret@127.0.0.1:9/x', '--late', 'wait'], /--late wait: a stream does not wait/],
      [['/dev/video99', '--format', 'v4l2', '--no-reconnect'], /\/dev\/video99: there is no such device/],
      [Array(4).fill(server.address), /4 sources at a time need more than libuv's 4 threads: set UV_THREA/],
      [[server.address, '--rule', 'x:nothing:0.1'], /--rule x: the model has no class nothing; it has/],
      [[server.address, '-o', 'a.mp4', '--segment', '10s'], /--segment: needs -o with a number/],
    ];
    for (const [args, message] of cases) {
      const result = await twnet('live', ...args, '--quiet');
      expectOneLine(result, 2, message);
      expect(result.stderr).not.toContain('secret');
    }
  });
});
