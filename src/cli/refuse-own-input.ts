/** Output over the input it is made from. */
import { existsSync, realpathSync } from 'node:fs';
import { InputError } from '../errors.js';

/** @throws InputError when both names are of the same file */
export function refuseOwnInput(input: string, output: string): void {
  if (existsSync(input) && existsSync(output) && realpathSync(input) === realpathSync(output))
    throw new InputError(`${output}: is the input itself; give the output another name`);
}
