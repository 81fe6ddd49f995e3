import { Option } from 'commander';
import { positiveInteger } from './option-values.js';

/** BOUNDARY_DISTANCE of packages/core/src/metrics/boundary-band.ts, which is not loaded to print help. */
const DEFAULT_DISTANCE = '5';

/** `--boundary [px]`: score the band along class boundaries as well. */
export function boundaryOption(): Option {
  return new Option(
    '--boundary [px]',
    `mIoU of the pixels within so many of a boundary between true classes as well (${DEFAULT_DISTANCE} unless given)`,
  )
    .argParser(positiveInteger)
    .preset(DEFAULT_DISTANCE);
}
