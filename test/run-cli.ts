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

/** As it is installed: without `benchmark`, with what is set before anything is loaded. */
export const INSTALLED = fileURLToPath(
  new URL('../packages/twnet/dist/twnet/src/cli/start.cjs', import.meta.url),
);

/** Starts `twnet …args` with an open standard input; `finished` resolves when it has ended. */
export function startTwnet(...args: string[]): { child: ChildProcess; finished: Promise<CliResult> } {
  return start(MAIN, args);
}

/** Runs another command line of ours to its end. */
export function runOf(main: string, ...args: string[]): Promise<CliResult> {
  const { child, finished } = start(main, args);
  child.stdin?.end();
  return finished;
}

function start(main: string, args: string[]): { child: ChildProcess; finished: Promise<CliResult> } {
  const child = spawn(process.execPath, [main, ...args], {
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
export const twnet = (...args: string[]): Promise<CliResult> => runOf(MAIN, ...args);
