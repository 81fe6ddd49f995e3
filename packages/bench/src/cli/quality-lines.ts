/** `twnet benchmark quality` for a person. */
import { codingName } from '../methods/coding.js';
import { fullName } from '../methods/stream-method.js';
import type { StreamFigures } from '../quality/quality.js';
import { points, signed } from './estimates.js';

export function qualityLines(streams: readonly StreamFigures[]): string[] {
  const several = new Set(streams[0].methods.map(({ model }) => model)).size > 1;
  const width = 2 + Math.max(...streams[0].methods.map((one) => fullName(one, several).length));
  return streams.flatMap(({ coding, kilobitsPerSecond, methods }, index) => [
    ...(index === 0 ? [] : ['']),
    `${codingName(coding)}: ${kilobitsPerSecond.toFixed(0)} kilobits a second`,
    `${''.padEnd(width)}${'mIoU'.padStart(20)}${'above per frame'.padStart(26)}${'lost'.padStart(26)}`,
    ...methods.map((one) =>
      [
        fullName(one, several).padEnd(width),
        points(one.meanIou).padStart(20),
        (one.abovePerFrame ? signed(one.abovePerFrame) : '').padStart(26),
        (one.lost ? signed(one.lost) : '').padStart(26),
      ]
        .join('')
        .trimEnd(),
    ),
  ]);
}
