/** How processes end that have networks: at once, quietly, whatever moment; and what they leave behind. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyCamVid } from './tiny-camvid.js';

/** Built by build-once.ts, as people have it. */
const BUILT = new URL('../packages/twnet/dist/', import.meta.url);
const CLI = fileURLToPath(new URL('twnet/src/cli/start.cjs', BUILT));
const folder = mkdtempSync(join(tmpdir(), 'twnet-end-'));
const video = join(folder, 'drive.mp4');
beforeAll(() => writePanningVideo(video, { width: 96, height: 64, frames: 12, gop: 4 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Has networks of the video's size as `networks`, `pixels`, and `forever()`, which keeps them at work. */
const OPENED = `
const { loadNetworks, openVideo, segmentVideo } = await import('${new URL('twnet/src/index.js', BUILT).href}');
const networks = await loadNetworks('camvid-mobilenet-v1', { width: 96, height: 64, threads: 1 });
const pixels = new Uint8Array(3 * 96 * 64);
const forever = async () => {
  for (;;) for await (const _ of segmentVideo(await openVideo(${JSON.stringify(video)}), networks));
};
`;

const IN_WORKER = `(async () => {
  ${OPENED}
  await networks.keyFrame(pixels);
  require('node:worker_threads').parentPort.postMessage('begun');
  for (;;) await networks.keyFrame(pixels);
})();`;

/** Writes the internet sockets that a process has when it ends. */
const WATCH = `
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread && process.platform === 'linux') process.on('exit', () => {
  const own = new Set(readdirSync('/proc/self/fd').map((fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } }));
  const open = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) => readFileSync('/proc/self/net/' + kind, 'utf8').split('\\n').slice(1)
    .map((line) => line.trim().split(/\\s+/)[9]).filter((inode) => inode && own.has('socket:[' + inode + ']')));
  writeFileSync(process.env.SOCKETS, JSON.stringify(open));
});
`;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly sockets: readonly string[];
  /** Below the person's home. */
  readonly left: readonly string[];
}

let runs = 0;
/** Runs Node with a home of its own that is empty; nothing of it is a socket. */
function run(...args: string[]): Promise<Ended> {
  const home = mkdtempSync(join(folder, 'home-'));
  const sockets = join(folder, `sockets-${runs}`);
  const watch = join(folder, 'watch.mjs');
  writeFileSync(watch, WATCH);
  const errors = join(folder, `stderr-${runs++}`);
  const stderr = openSync(errors, 'w');
  const { ORT_DISABLE_TELEMETRY: _not, XDG_CACHE_HOME: _nor, ...environment } = process.env;
  const env = { ...environment, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, SOCKETS: sockets };
  const child = spawn(process.execPath, ['--import', watch, ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
    stdio: ['ignore', 'ignore', stderr],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      closeSync(stderr);
      const left = readdirSync(home, { recursive: true, encoding: 'utf8' });
      const open = process.platform === 'linux' ? JSON.parse(readFileSync(sockets, 'utf8')) : [];
      resolve({ code, signal, stderr: readFileSync(errors, 'utf8'), sockets: open, left });
    });
  });
}

const program = (text: string): Promise<Ended> => {
  const file = join(folder, `program-${runs}.mjs`);
  writeFileSync(file, OPENED + text);
  return run(file);
};

describe('a process with networks', () => {
  it.each([0, 7, 23, 41])('that exits %i ms into its work ends quietly, with its own code', async (delay) => {
    const ended = await program(`forever(); setTimeout(() => process.exit(7), ${delay});`);
    expect(ended).toMatchObject({ code: 7, signal: null, stderr: '', left: [], sockets: [] });
  });

  it('ends by itself when nothing is to be done, and when it throws', async () => {
    expect(await program('await networks.keyFrame(pixels);')).toMatchObject({ code: 0, stderr: '' });
    const thrown = await program(`await networks.keyFrame(pixels); throw new Error('mine');`);
    expect(thrown.code).toBe(1);
    expect(thrown.stderr).toMatch(/Error: mine/);
    const working = await program(`forever(); setTimeout(() => { throw new Error('mine'); }, 20);`);
    expect(working).toMatchObject({ code: 1, signal: null });
    expect(working.stderr).toMatch(/Error: mine/);
  });

  it('that closes them in mid-loop gets an error, not silence', async () => {
    const ended = await program(`setTimeout(() => networks.close(), 15); await forever();`);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/networks (were|are) closed/);
  });

  it.each([
    ['is terminated', 'await worker.terminate(); process.exitCode = 5;', 5],
    ['is there when the process exits', 'process.exit(7);', 7],
  ])('that has them in a worker thread ends quietly where that %s', async (_what, end, code) => {
    for (const delay of [2, 29]) {
      const file = join(folder, `program-${runs}.mjs`);
      const begun = `setTimeout(async () => { ${end} }, ${delay})`;
      writeFileSync(
        file,
        `import { Worker } from 'node:worker_threads';
         const worker = new Worker(${JSON.stringify(IN_WORKER)}, { eval: true });
         worker.once('message', () => ${begun});`,
      );
      expect(await run(file)).toMatchObject({ code, signal: null, stderr: '', left: [], sockets: [] });
    }
  });

  it('leaves no file below HOME and no socket: twnet segment', async () => {
    const labels = join(folder, 'labels');
    const ended = await run(CLI, 'segment', video, '-o', join(folder, 'o.mp4'), '--labels', labels);
    expect(ended).toMatchObject({ code: 0, sockets: [], left: [] });
  });

  it('leaves no file below HOME and no socket: twnet train', async () => {
    await writeTinyCamVid(join(folder, 'camvid'), 32);
    const config = join(folder, 'train.json');
    writeFileSync(
      config,
      JSON.stringify({ size: { width: 32, height: 32 }, batch: 1, steps: 1, holdOut: 0.3 }),
    );
    const place = ['--data', join(folder, 'camvid'), '--config', config, '-o', join(folder, 'run')];
    const ended = await run(CLI, 'train', 'key', ...place, '--threads', '1', '--quiet');
    expect(ended).toMatchObject({ code: 0, sockets: [], left: [], stderr: '' });
  });

  it('leaves no file below HOME and no socket: twnet demo', async () => {
    const out = join(folder, 'demo');
    const ended = await run(CLI, 'demo', '-o', out, '--frames', '2', '--size', '64x48', '--json');
    expect(ended).toMatchObject({ code: 0, sockets: [], left: [], stderr: '' });
  });
});
