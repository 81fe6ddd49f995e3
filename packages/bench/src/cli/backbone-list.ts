/** `--backbones <list>`: names of encoders, with commas between. */

import { InputError } from '@twnet/core/errors';
import type { BackboneName } from '@twnet/core/network/backbones';
import { InvalidArgumentError } from 'commander';
import { listOf } from '../../../twnet/src/cli/option-values.js';

/** Takes any names: which ones there are is known once the networks are loaded, see {@link knownBackbones}. */
export const backboneList = listOf((name: string) => {
  if (name === '') throw new InvalidArgumentError('Give names with commas between.');
  return name;
});

/** @throws InputError for a name that is none */
export async function knownBackbones(list: readonly string[]): Promise<BackboneName[]> {
  const { BACKBONE_NAMES } = await import('@twnet/core/network/backbones');
  return list.map((name) => {
    const known = BACKBONE_NAMES.find((backbone) => backbone === name);
    if (!known)
      throw new InputError(`--backbones: there is no ${name}; choose among ${BACKBONE_NAMES.join(', ')}`);
    return known;
  });
}
