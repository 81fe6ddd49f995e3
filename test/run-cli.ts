/** Runs the command line as a process of its own, as a person does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Built by build-once.ts. */
const MAIN = fileURLToPath(new URL('../packages/twnet/dist/bench/src/main.js', import.meta.url));

/** `segment: opening clip.mp4`, `segment: 12/250 frames, 24.5 a second, 0:10 left`. */
const PROGRESS = /^[a-z]+: (opening .*|\d+(\/\d+)? [a-z]+(, .*)?)\n/gm;

export interface CliResult {
  /** null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without lines of progress, which come by the clock. */
  readonly stderr: string;
}

/** Starts `twnet …args` with an open standard input; `finished` resolves when it has ended. */
export function startTwnet(...args: string[]): { child: ChildProcess; finished: Promise<CliResult> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout, stderr: stderr.replace(PROGRESS, '') }),
    );
  });
  return { child, finished };
}

/** Runs `twnet …args` to its end. */
export function twnet(...args: string[]): Promise<CliResult> {
  const { child, finished } = startTwnet(...args);
  child.stdin?.end();
  return finished;
}
