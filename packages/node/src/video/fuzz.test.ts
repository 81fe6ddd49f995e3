/**
 * Damaged files of every codec: no crash, no hang, no growth of memory. TWNET_FUZZ sets the number of files a
 * codec; 500 for the full run (`TWNET_FUZZ=500 npx vitest run packages/node/src/video/fuzz.test.ts`).
 */
import { execFile } from 'node:child_process';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FuzzReport } from '@twnet/testing/fuzz-codecs';
import { expect, it } from 'vitest';

const COUNT = Number(env.TWNET_FUZZ ?? 40);
const PROGRAM = fileURLToPath(new URL('../../../testing/src/fuzz-reader.ts', import.meta.url));
/** Longest time for a file of a second, milliseconds; a hang, not a measurement. */
const HANG = 20_000;
/** Resident memory by which a process may grow over four fifths of the files, MiB; caches fill at first. */
const GROWTH = 40;

it.each(['mpeg4', 'h264', 'hevc', 'vp8', 'vp9', 'av1'])(`survives ${COUNT} damaged files of %s`, {
  timeout: 60_000 + COUNT * 1000,
}, async (codec) => {
  const args = ['--expose-gc', '--import', 'tsx', PROGRAM, codec, String(COUNT), '7'];
  const { stdout } = await promisify(execFile)(execPath, args, {
    env: { ...env, SVT_LOG: '1' },
    timeout: 60_000 + COUNT * 1000,
  });
  const report = JSON.parse(stdout) as FuzzReport;
  if (COUNT > 100) console.info(codec, report);
  expect(report.failures).toEqual([]);
  expect(report.refused + report.whole + report.damaged).toBe(COUNT);
  // Damage that leaves most files readable at least in part.
  expect(report.frames).toBeGreaterThan(COUNT / 2);
  expect(report.slowest).toBeLessThan(HANG);
  expect(report.memoryLate - report.memoryEarly).toBeLessThan(GROWTH);
});
