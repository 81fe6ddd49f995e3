/**
 * Mutated files of every codec that node-av encodes: no crash, no hang, no growth of memory. By hand:
 * npx tsx tools/checks/mutations.ts [COUNT, 2000] [SEED, 7] [CODEC…]; prints JSON.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FUZZED_CODECS, type FuzzReport } from '@twnet/testing/fuzz-codecs';

const PROGRAM = fileURLToPath(new URL('../../packages/testing/src/fuzz-reader.ts', import.meta.url));
/** Longest time for one file, milliseconds; growth of resident memory over four fifths of the files, MiB. */
const LIMIT = { time: 20_000, growth: 40 };

const [count = '2000', seed = '7', ...chosen] = process.argv.slice(2);
const failures: string[] = [];
const reports: Record<string, FuzzReport> = {};
for (const codec of chosen.length > 0 ? chosen : FUZZED_CODECS) {
  const args = ['--expose-gc', '--import', 'tsx', PROGRAM, codec, count, seed];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, SVT_LOG: '1' },
      timeout: 60_000 + Number(count) * 1000,
      maxBuffer: 1 << 26,
    });
    const report = JSON.parse(stdout) as FuzzReport;
    reports[codec] = report;
    failures.push(...report.failures.map((failure) => `${codec}: ${failure}`));
    if (report.slowest > LIMIT.time) failures.push(`${codec}: ${Math.round(report.slowest)} ms for one file`);
    if (report.memoryLate - report.memoryEarly > LIMIT.growth) failures.push(`${codec}: memory grows`);
  } catch (error) {
    const { signal, code } = error as { signal?: string; code?: number };
    failures.push(`${codec}: the reader ended with ${signal ?? code}`);
  }
}
process.stdout.write(
  `${JSON.stringify({ count: Number(count), seed: Number(seed), failures, reports }, null, 2)}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
