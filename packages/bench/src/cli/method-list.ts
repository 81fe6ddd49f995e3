/** `--methods twnet,per-frame,…`: the list as typed, checked without loading what runs them. */
import { InvalidArgumentError } from 'commander';
import type { ClipMethod } from '../accuracy/clip-methods.js';

const METHODS: Readonly<Record<ClipMethod, true>> = {
  twnet: true,
  'per-frame': true,
  'warp-alone': true,
  'prop-mv': true,
  'interp-mv': true,
  dff: true,
  taplab: true,
};

export const CLIP_METHOD_NAMES = Object.keys(METHODS).join(',');

/** In the order given; a name that occurs twice counts once. */
export function methodList(text: string): ClipMethod[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(METHODS, name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no method "${unknown}"; take some of ${CLIP_METHOD_NAMES.replaceAll(',', ', ')}, separated by commas.`,
    );
  }
  return [...new Set(names as ClipMethod[])];
}
