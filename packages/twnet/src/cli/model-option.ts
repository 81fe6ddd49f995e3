/** `--model <model>`: by name or folder; and what non-key frames are made by. */
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { SPEEDS, type Speed } from '@twnet/core/network/operating-point';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** @param purpose what it is for, where that is not all that the command does */
export function modelOption(purpose = ''): Option {
  return new Option(
    '--model <model>',
    `name of a model that ships (twnet models lists them) or a model folder${purpose}`,
  );
}

export interface PointFlags {
  readonly layer?: WarpLayer;
  readonly speed?: Speed;
}

/** Adds `--layer` and `--speed`; a model has the one or the other. */
export function addPointOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--layer <k>', 'decoder layer that is warped, of a model that warps one (default: 1)')
        .choices(['1', '2', '3'])
        .argParser(layerNumber),
    )
    .addOption(
      new Option('--speed <point>', 'operating point of a model that has such (default: accurate)').choices(
        SPEEDS,
      ),
    );
}

function layerNumber(text: string): WarpLayer {
  if (text === '1' || text === '2' || text === '3') return Number(text) as WarpLayer;
  throw new InvalidArgumentError('Allowed choices are 1, 2, 3.');
}
