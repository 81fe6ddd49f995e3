/** Where a worker puts what it has in hand: below the system's folder for such files (TMPDIR). */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardTemporary, temporaryFolderFor } from '@twnet/node/files/atomic';
import { removeStaleTemporaries, temporaryName } from '@twnet/node/files/temporary-name';

export interface Temporary extends Disposable {
  readonly path: string;
}

/** A name for a file, which is not made yet. What killed workers left there is removed. */
export function temporaryFile(name: string): Temporary {
  removeStaleTemporaries(tmpdir());
  const path = temporaryName(name, tmpdir());
  return { path, [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

/**
 * @param beside folder that it is made in
 * @throws OutputError where nothing can be written
 */
export function temporaryFolder(name: string, beside = tmpdir()): Temporary {
  const path = temporaryFolderFor(join(beside, name));
  return { path, [Symbol.dispose]: () => discardTemporary(path) };
}
