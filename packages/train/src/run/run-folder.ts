/** The folder a training run leaves: config.json, log.jsonl, curves.svg, checkpoint.safetensors, result.json. */
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { mkdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, OutputError } from '@twnet/core/errors';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainingState } from './state.js';

/** What a run leaves. */
const FILES = [
  'config.json',
  'log.jsonl',
  'curves.svg',
  'checkpoint.safetensors',
  'result.json',
  'model',
  'pseudo-labels',
  'samples',
  'adapted.html',
];

/** One line of the log. */
export interface LogEntry {
  readonly step: number;
  readonly loss?: number;
  readonly learningRate?: number;
  readonly milliseconds?: number;
  readonly [key: string]: number | undefined;
}

export class RunFolder implements AsyncDisposable {
  private log: WriteStream | undefined;
  /** Why the log could not be written. */
  private logFailure: Error | undefined;

  private constructor(
    readonly path: string,
    private readonly config: unknown,
  ) {}

  /** Makes the folder; refuses one that already holds a run unless it is to be resumed. */
  static async open(path: string, config: unknown, resume: boolean): Promise<RunFolder> {
    const folder = new RunFolder(path, config);
    if (!resume && existsSync(folder.checkpointPath)) {
      throw new InputError(
        `${path}: already holds a run; add --resume to go on with it or choose another --out`,
      );
    }
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw new OutputError(`${path}: the run folder cannot be made: ${messageOf(error)}`);
    }
    FilledFolder.open(path, { force: true }).expect(...FILES);
    if (!existsSync(folder.checkpointPath)) {
      // Of a run that ended before its first checkpoint.
      await rm(folder.logPath, { force: true });
      await writeFileAtomic(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    }
    return folder;
  }

  get checkpointPath(): string {
    return join(this.path, 'checkpoint.safetensors');
  }

  private get logPath(): string {
    return join(this.path, 'log.jsonl');
  }

  /**
   * The last checkpoint's state, if there is one; log lines after it are dropped. `network` gives the parameters
   * that it must have.
   */
  async resumedState(
    network?: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  ): Promise<TrainingState | undefined> {
    if (!existsSync(this.checkpointPath)) return undefined;
    const state = await readCheckpoint(this.checkpointPath, this.config, network);
    const { logPath } = this;
    if (existsSync(logPath)) await truncate(logPath, lengthUpTo(await readFile(logPath, 'utf8'), state.step));
    return state;
  }

  append(entry: LogEntry): void {
    this.log ??= createWriteStream(this.logPath, { flags: 'a' }).on('error', (error) => {
      this.logFailure ??= error;
    });
    this.log.write(`${JSON.stringify(entry)}\n`);
  }

  async checkpoint(state: TrainingState): Promise<void> {
    // The log first: a run killed in between must find every line up to its checkpoint.
    await this.close();
    if (this.logFailure)
      throw new OutputError(`${this.logPath}: could not be written: ${messageOf(this.logFailure)}`);
    await writeCheckpoint(this.checkpointPath, state, this.config);
  }

  /** Draws the log so far as `curves.svg`. */
  async drawCurves(): Promise<void> {
    await this.close();
    if (!existsSync(this.logPath)) return;
    // Charts load in a third of a second, which only training should pay.
    const { drawCurves } = await import('./curves.js');
    await writeFileAtomic(
      join(this.path, 'curves.svg'),
      drawCurves(parseLog(await readFile(this.logPath, 'utf8'))),
    );
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeFileAtomic(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  async close(): Promise<void> {
    const { log } = this;
    this.log = undefined;
    await new Promise<void>((resolve) => (log ? log.end(() => resolve()) : resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The whole lines of a log. */
function parseLog(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line));
    } catch {
      // The line that was being written when an earlier run was killed.
    }
  }
  return entries;
}

/** Bytes of the log's lines up to a step. */
function lengthUpTo(log: string, step: number): number {
  let length = 0;
  for (const line of log.split('\n')) {
    if (line === '') break;
    let entry: LogEntry;
    try {
      entry = JSON.parse(line);
    } catch {
      break;
    }
    if (entry.step > step) break;
    length += Buffer.byteLength(line) + 1;
  }
  return length;
}
