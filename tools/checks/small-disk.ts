/** A disk that can be filled: a small file system in memory, which root alone can mount. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SIZE = '24m';

export class SmallDisk {
  private constructor(readonly path: string) {}

  /** undefined where that is not allowed. */
  static mount(path: string): SmallDisk | undefined {
    mkdirSync(path);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path]);
    return status === 0 ? new SmallDisk(path) : undefined;
  }

  /** To the last byte. */
  fill(): void {
    const file = openSync(join(this.path, 'filler'), 'w');
    try {
      for (const size of [2 ** 20, 4096]) {
        const bytes = Buffer.alloc(size);
        try {
          for (;;) writeSync(file, bytes);
        } catch {
          // It is full for writes of this size.
        }
      }
    } finally {
      closeSync(file);
    }
  }

  clear(): void {
    rmSync(join(this.path, 'filler'), { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['-l', this.path]);
  }
}
