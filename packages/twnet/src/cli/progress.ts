/** Progress on stderr: a bar with the time left at a terminal, an occasional plain line elsewhere. */
import { SingleBar } from 'cli-progress';

export interface ProgressOptions {
  /** What is counted, e.g. `frames`. */
  readonly unit: string;
  /** How many there will be, where that is known. */
  readonly total?: number;
  /** Say nothing at all (`--quiet`, `--json`). */
  readonly silent?: boolean;
}

/** Tells the person at the terminal how far a long job is. Always `close()` it, or use `using`. */
export interface Progress extends Disposable {
  /** `done` units are finished; `total` replaces an earlier guess; `detail` is a few words such as a loss. */
  update(done: number, detail?: string, total?: number): void;
  /** Work starts now, with `done` units finished by an earlier run: rate and time left are reckoned from here. */
  begin(done: number): void;
  /** A line of its own that stays. */
  note(line: string): void;
  close(): void;
}

/** Seconds until the first plain line where stderr is no terminal, and between two: more in a long job. */
const FIRST_LINE = 1;
const LINE_EVERY = { atLeast: 3, atMost: 30, share: 1 / 20 };
/** Milliseconds that opening may take without a word. */
const OPENING = 2500;

let quiet = false;

/** `--quiet`: no progress from now on. */
export function beQuiet(): void {
  quiet = true;
}

/** Says what is being opened where that takes long (a network, a pipe that nobody writes to); dispose of it afterwards. */
export function showOpening(title: string, what: string, silent = false): Disposable {
  if (silent || quiet) return { [Symbol.dispose]: () => undefined };
  const timer = setTimeout(() => process.stderr.write(`${title}: opening ${what}\n`), OPENING);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

export function showProgress(title: string, options: ProgressOptions): Progress {
  if (options.silent || quiet) return SILENT;
  return process.stderr.isTTY ? new BarProgress(title, options) : new LineProgress(title, options);
}

const SILENT: Progress = {
  update: () => undefined,
  begin: () => undefined,
  note: () => undefined,
  close: () => undefined,
  [Symbol.dispose]: () => undefined,
};

class BarProgress implements Progress {
  readonly #bar: SingleBar;
  readonly #unit: string;
  #start = performance.now();
  #open = true;
  #before = 0;

  constructor(title: string, { unit, total }: ProgressOptions) {
    this.#unit = unit;
    this.#bar = new SingleBar({
      format: total === undefined ? `${title} {state}` : `${title} [{bar}] {percentage} % {state}`,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      barsize: 30,
      stream: process.stderr,
      hideCursor: false,
      clearOnComplete: false,
      fps: 5,
    });
    this.#bar.start(total ?? 1, 0, { state: '' });
    this.#total = total;
  }
  #total: number | undefined;

  update(done: number, detail = '', total = this.#total): void {
    if (total !== this.#total) {
      this.#total = total;
      if (total !== undefined) this.#bar.setTotal(total);
    }
    const elapsed = (performance.now() - this.#start) / 1000;
    this.#bar.update(total === undefined ? 0 : Math.min(done, total), {
      state: describe(done, total, elapsed, this.#unit, detail, this.#before),
    });
  }

  begin(done: number): void {
    this.#start = performance.now();
    this.#before = done;
  }

  note(line: string): void {
    process.stderr.write(`\r\x1b[K${line}\n`);
  }

  close(): void {
    if (this.#open) this.#bar.stop();
    this.#open = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class LineProgress implements Progress {
  readonly #title: string;
  readonly #unit: string;
  #total: number | undefined;
  #start = performance.now();
  #nextLine = FIRST_LINE;
  #before = 0;

  constructor(title: string, { unit, total }: ProgressOptions) {
    this.#title = title;
    this.#unit = unit;
    this.#total = total;
  }

  update(done: number, detail = '', total = this.#total): void {
    this.#total = total;
    const elapsed = (performance.now() - this.#start) / 1000;
    if (elapsed < this.#nextLine) return;
    const { atLeast, atMost, share } = LINE_EVERY;
    this.#nextLine = elapsed + Math.min(Math.max(share * elapsed, atLeast), atMost);
    process.stderr.write(
      `${this.#title}: ${describe(done, total, elapsed, this.#unit, detail, this.#before)}\n`,
    );
  }

  begin(done: number): void {
    this.#start = performance.now();
    this.#nextLine = FIRST_LINE;
    this.#before = done;
  }

  note(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  close(): void {}

  [Symbol.dispose](): void {}
}

/** `120/500 frames, 24.5 a second, 0:16 left`. */
export function describe(
  done: number,
  total: number | undefined,
  elapsed: number,
  unit: string,
  detail: string,
  before = 0,
): string {
  const parts = [`${done}${total === undefined ? '' : `/${total}`} ${unit}`];
  if (done > before && elapsed > 0) {
    const rate = (done - before) / elapsed;
    parts.push(rate >= 1 ? `${rate.toFixed(1)} a second` : `${(1 / rate).toFixed(1)} s each`);
    if (total !== undefined && total > done) parts.push(`${formatDuration((total - done) / rate)} left`);
  }
  if (detail !== '') parts.push(detail);
  return parts.join(', ');
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
