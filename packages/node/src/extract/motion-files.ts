import { InputError } from '@twnet/core/errors';
import { commitTemporary, discardTemporary, temporaryFolderFor, temporaryPathFor } from '../files/atomic.js';
import { placeOf } from '../files/place.js';
import type { MotionFormat, MotionTarget } from './motion-sink.js';

/** The format that a file's ending names; standard output (`-`) takes lines. @throws InputError where it names none */
export function motionFormatOf(output: string): MotionFormat {
  if (/\.npz$/i.test(output)) return 'npz';
  if (output === '-' || /\.(jsonl|ndjson)$/i.test(output)) return 'jsonl';
  throw new InputError(
    `${output}: its ending says what is written; give .npz or .jsonl, or the format itself`,
  );
}

/** A run's output, under a temporary name until it is complete. */
export class MotionFiles implements Disposable {
  readonly target: MotionTarget;

  /** @throws OutputError, InputError where it cannot be written there */
  constructor(
    readonly output: string,
    format: MotionFormat,
  ) {
    const isStream = output === '-' || placeOf(output).isSpecial;
    if (isStream && format === 'npz')
      throw new InputError(
        `${output}: .npz has to be a file, since its headers are written last; jsonl can go there`,
      );
    const path = isStream ? output : temporaryPathFor(output);
    const name = output === '-' ? 'standard output' : output;
    try {
      const spool = format === 'npz' ? temporaryFolderFor(output) : undefined;
      this.target = { format, name, path, spool, isStream };
    } catch (error) {
      discardTemporary(path);
      throw error;
    }
  }

  /** Gives it its name. @throws OutputError */
  commit(): void {
    const { path, isStream } = this.target;
    if (!isStream) commitTemporary(path, this.output);
    this[Symbol.dispose]();
  }

  /** Removes what was not committed. */
  [Symbol.dispose](): void {
    const { path, spool } = this.target;
    discardTemporary(path);
    if (spool !== undefined) discardTemporary(spool);
  }
}
