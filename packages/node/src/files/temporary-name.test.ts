import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from './process-identity.js';
import { removeStaleTemporaries, TEMPORARY_PREFIX, temporaryName } from './temporary-name.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-stale-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ATOMIC = fileURLToPath(new URL('atomic.ts', import.meta.url));
const leftIn = () => readdirSync(folder).filter((name) => name.startsWith(TEMPORARY_PREFIX));

/** A process that has begun a file and a folder and goes on for ever. */
async function writer(): Promise<ChildProcess> {
  const code = `
    import { temporaryFolderFor, temporaryPathFor } from ${JSON.stringify(ATOMIC)};
    temporaryPathFor('x.mp4'); temporaryFolderFor('labels');
    console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', code],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

describe('stale temporaries', () => {
  it('are removed once their process is killed, never while it goes', async () => {
    const [killed, going] = await Promise.all([writer(), writer()]);
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.once('exit', resolve));
    expect(leftIn()).toHaveLength(4);
    removeStaleTemporaries(folder);
    expect(leftIn()).toHaveLength(2);
    expect(leftIn().every((name) => name.includes(`-${going.pid}-`))).toBe(true);
    going.kill('SIGKILL');
  });

  it('are told by more than the number of a process', () => {
    const { host, boot, pid, start } = ownIdentity();
    const named = (...parts: unknown[]) => `.part-${parts.join('-')}-1-x.mp4`;
    const files: [name: string, stays: boolean][] = [
      [named(host, boot, pid, start), true],
      // The number of a process that has gone, used again.
      ...(start > 0 ? [[named(host, boot, pid, start + 1), false] as [string, boolean]] : []),
      // Another machine's: it cannot be asked.
      [named('0123abcd', boot, 1, 7), true],
      // Somebody's own.
      ['.part-list.txt', true],
      ['.part-12-3-x', true],
    ];
    for (const [name] of files) writeFileSync(join(folder, name), '');
    const old = `.part-0123abcd-${boot}-1-7-2-labels`;
    mkdirSync(join(folder, old));
    const weeksAgo = Date.now() / 1000 - 20 * 86_400;
    utimesSync(join(folder, old), weeksAgo, weeksAgo);
    removeStaleTemporaries(folder);
    expect(readdirSync(folder)).toEqual(
      files
        .filter(([, stays]) => stays)
        .map(([name]) => name)
        .sort(),
    );
  });

  it('have names that fit however long the final name is', () => {
    const name = `${'ü'.repeat(125)}.mp4`;
    const temporary = temporaryName(join(folder, name), folder);
    writeFileSync(temporary, '');
    expect(temporary.endsWith('ü.mp4')).toBe(true);
  });
});
