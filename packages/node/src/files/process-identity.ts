/** Which process wrote something, told apart from later ones of the same number and from those of other machines. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  /** Of the machine, or container, within which process numbers mean something. */
  readonly host: string;
  /** Of its present start; '0' where that cannot be told. */
  readonly boot: string;
  readonly pid: number;
  /** When the process began, in the kernel's ticks since the machine started; 0 where that cannot be told. */
  readonly start: number;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= {
    host: digest(
      `${hostname()}\n${read('/etc/machine-id')}\n${attempt(() => readlinkSync('/proc/self/ns/pid'))}`,
    ),
    boot: digest(read('/proc/sys/kernel/random/boot_id')),
    pid: process.pid,
    start: startOf(process.pid) ?? 0,
  };
  return own;
}

/**
 * Whether a process is gone for certain. Of other machines, and other containers on this one, that cannot be told:
 * undefined. (Shared folders, NFS.)
 */
export function isGone({ host, boot, pid, start }: ProcessIdentity): boolean | undefined {
  const here = ownIdentity();
  if (host !== here.host) return undefined;
  if (boot !== here.boot) return true;
  if (!isRunning(pid)) return true;
  const now = startOf(pid);
  return now !== undefined && start !== 0 && now !== start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: another user's
  }
}

/** Field 22 of /proc/PID/stat; the name before it may hold spaces and brackets. */
function startOf(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`);
  const start = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
  return Number.isSafeInteger(start) && text !== '' ? start : undefined;
}

function read(path: string): string {
  return attempt(() => readFileSync(path, 'utf8'));
}

function attempt(get: () => string): string {
  try {
    return get().trim();
  } catch {
    return '';
  }
}

function digest(text: string): string {
  return text === '' ? '0' : createHash('sha256').update(text).digest('hex').slice(0, 8);
}
