/** A recording whose process is killed, time after time. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { framesOf } from './faults.js';

const MAIN = fileURLToPath(new URL('../../../packages/twnet/src/cli/main.ts', import.meta.url));
/** Seconds. */
const SEGMENT = 2;

export async function killed(clip: string, times: number) {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-live-killed-'));
  const file = (number: number) => join(folder, `cam-${String(number).padStart(3, '0')}.mp4`);
  /** Frames of the last file. */
  const last: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = readdirSync(folder).length;
    const args = [
      'live',
      clip,
      '--reconnect',
      '-o',
      join(folder, 'cam-%03d.mp4'),
      '--segment',
      `${SEGMENT}s`,
    ];
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { stdio: 'ignore' });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // In the midst of the third file, at another place each time.
    while (!existsSync(file(before + 2)) && child.exitCode === null) await sleep(20);
    await sleep(1200 + 130 * i);
    child.kill('SIGKILL');
    await exited;
    last.push(await framesOf(file(readdirSync(folder).length - 1)));
  }
  const frames = await Promise.all(readdirSync(folder).map((name) => framesOf(join(folder, name))));
  rmSync(folder, { recursive: true });
  return {
    ...{ kills: times, files: frames.length, playable: frames.filter((count) => count > 0).length },
    framesOfLastFiles: last,
  };
}
