/** `twnet motion` as a process: what it writes, several inputs, what cannot be read, and Ctrl-C. */
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { encodeClip } from '@twnet/node/video/recode-clip';
import { movingTexture, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { rawVectors } from './raw-vectors.js';
import { readNpz } from './read-npz.js';
import { startTwnet, twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
const shapeOf = (path: string, name: string) => readNpz(path).get(name)!.shape;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-motion-'));
  await writePanningVideo(at('video.mp4'), { width: 96, height: 64, frames: 14 });
  await writePanningVideo(at('cut.mkv'), { width: 96, height: 64, frames: 60 });
  truncateSync(at('cut.mkv'), Math.floor(statSync(at('cut.mkv')).size * 0.6));
  writeFileSync(at('text.avi'), 'This is no video.\n'.repeat(100));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet motion', () => {
  it('writes a file beside the input, once', async () => {
    const { exitCode, stdout, stderr } = await twnet('motion', at('video.mp4'));
    expect([exitCode, stderr]).toEqual([0, '']);
    const raw = await rawVectors(at('video.mp4'));
    const count = raw.reduce((sum, rows) => sum + rows.length, 0);
    expect(stdout).toContain(`mpeg4, 96×64, 14 frames (2 I, 12 P, 0 B), ${count} vectors\n`);
    expect(stdout).toMatch(/^wrote .*video-motion\.npz: motion vectors, 14 frames of 96×64, .* kB$/m);
    expect([...readNpz(at('video-motion.npz')).keys()]).toEqual(['vectors', 'frames', 'info']);
    expect(shapeOf(at('video-motion.npz'), 'vectors')).toEqual([count]);
    expectOneLine(
      await twnetHere('motion', at('video.mp4')),
      2,
      /video-motion\.npz: exists already.*-o.*--force/,
    );
  });

  it('writes maps, and says as JSON what it found', async () => {
    const output = at('maps.npz');
    const args = ['-o', output, '--dense', '--residual', '--stride', '8', '--json'];
    const { exitCode, stdout, stderr } = await twnetHere('motion', at('video.mp4'), ...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      input: at('video.mp4'),
      codec: 'mpeg4',
      motionSource: 'codec',
      frames: { I: 2, P: 12, B: 0 },
      losses: [],
      outputs: [{ path: output, frames: 14, bytes: statSync(output).size }],
    });
    for (const name of ['dense', 'residual']) expect(shapeOf(output, name)).toEqual([14, 3, 8, 12]);
  });

  it('writes lines to standard output', async () => {
    const { exitCode, stdout, stderr } = await twnet('motion', at('video.mp4'), '-o', '-');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('14 frames');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ vectors }) => vectors)).toEqual(await rawVectors(at('video.mp4')));
    expectOneLine(await twnetHere('motion', at('video.mp4'), '-o', '-', '--json'), 2, /--json writes/);
  });

  it('reads several inputs at a time; one that fails does not stop the others', async () => {
    for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) copyFileSync(at('video.mp4'), at(name));
    const inputs = ['a.mp4', 'text.avi', 'b.mp4', 'cut.mkv', 'c.mp4'].map((name) => at(name));
    const args = ['-o', at('several'), '--jobs', '3', '--json'];
    const { exitCode, stdout, stderr } = await twnet('motion', ...inputs, ...args);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^twnet: .*text\.avi.*not a video/m);
    expect(stderr).toMatch(/^twnet: .*cut\.mkv: only partly readable; lost .*; the rest was written$/m);
    const names = ['a', 'b', 'c', 'cut'].map((name) => `${name}-motion.npz`);
    expect(readdirSync(at('several')).sort()).toEqual(names);
    const rows = names.slice(0, 3).map((name) => readNpz(at('several', name)).get('vectors')!.data);
    expect(rows[0].length).toBeGreaterThan(1000);
    expect(rows.slice(1)).toEqual([rows[0], rows[0]]);
    const reports = JSON.parse(stdout);
    expect(reports.map(({ input }: { input: string }) => input)).toEqual(inputs);
    expect(reports[1].error).toMatch(/not a video/);
    expect(reports[3].losses.length).toBeGreaterThan(0);
    const last = shapeOf(at('several', 'cut-motion.npz'), 'frames')[0];
    expect(last).toBe(reports[3].frames.I + reports[3].frames.P);
  });

  it('says which videos have no vectors, and estimates them on request', async () => {
    const encoder = { name: 'libvpx', options: { 'cpu-used': '8' } } as const;
    await writeClip(at('v.webm'), movingTexture(96, 64, 5, 2, 1), { encoder });
    const before = everything();
    expectOneLine(
      await twnetHere('motion', at('v.webm')),
      2,
      /v\.webm: .*hands out no motion vectors.*\(auto\)/,
    );
    expect(everything()).toEqual(before);
    const { exitCode, stdout, stderr } = await twnet('motion', at('v.webm'), '--motion', 'auto');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/vp8 decoder hands out no motion vectors: motion is estimated/);
    expect(stdout).toMatch(/vectors \(estimated\)/);
  });

  it.each([
    { args: ['none.mp4'], message: /none\.mp4: no such file/ },
    { args: ['text.avi', '-o', 'x.jsonl'], message: /text\.avi.*not a video/ },
    { args: ['video.mp4', '-o', 'x.csv'], message: /x\.csv: its ending/ },
    { args: ['video.mp4', 'cut.mkv', '-o', 'x.npz'], message: /several inputs need a folder/ },
    { args: ['video.mp4', 'video.mp4'], message: /is given twice/ },
    { args: ['video.mp4', '--stride', '5'], message: /4, 8 or 16/ },
    { args: ['video.mp4', '-o', 'video.mp4', '--format', 'npz'], message: /is the input itself/ },
  ])('answers “$args” with one line and leaves nothing', async ({ args, message }) => {
    const before = everything();
    const paths = args.map((arg) => (arg.includes('.') ? at(arg) : arg));
    expectOneLine(await twnetHere('motion', ...paths), 2, message);
    expect(everything()).toEqual(before);
  });
});

describe('Ctrl-C', () => {
  it('completes the file that a thread reads, with the frames so far', async () => {
    const { width, height, frames } = movingTexture(160, 112, 12, 3, -1);
    const clip = encodeClip(frames, { width, height, quality: 20 });
    writeFileSync(at('long.m4v'), Buffer.concat(Array.from({ length: 1500 }, () => clip)));
    const { child, finished } = startTwnet('motion', at('long.m4v'));
    const isUnderWay = () =>
      readdirSync(folder).some((name) => {
        const stat = name.startsWith('.part-') ? statSync(at(name), { throwIfNoEntry: false }) : undefined;
        return stat?.isFile() && stat.size > 0;
      });
    while (!isUnderWay() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await finished;
    expect(exitCode).toBe(130);
    const count = Number(
      /^twnet: interrupted: wrote the first (\d+) frames of .*long\.m4v$/m.exec(stderr)?.[1],
    );
    expect(count).toBeGreaterThan(1);
    expect(count).toBeLessThan(18_000);
    expect(stdout).toMatch(/^wrote .*long-motion\.npz/m);
    expect(shapeOf(at('long-motion.npz'), 'frames')).toEqual([count]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.part-'))).toEqual([]);
  });

  it('ends lines that come from a pipe', async () => {
    const { child, finished } = startTwnet('motion', '-', '-o', '-');
    const { width, height, frames } = movingTexture(96, 64, 24, 3, -1);
    // It leaves before it has read all.
    child.stdin?.on('error', () => undefined);
    const clip = encodeClip(frames, { width, height });
    for (let i = 0; i < 50; i++) child.stdin?.write(clip);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    const { exitCode, signal, stdout, stderr } = await finished;
    expect(exitCode === 130 || signal === 'SIGINT').toBe(true);
    expect(stderr).toMatch(/interrupted: wrote the first \d+ frames of -/);
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('vectors');
  });
});
