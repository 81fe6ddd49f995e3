/** Passes of a non-key-frame network through consecutive frames, differentiable through the warps between them. */
import type { Value } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import { warp } from './gradients/warp.js';
import type { Tape } from './tape.js';
import { tapeNetwork } from './training-graph.js';

export interface UnrollOptions {
  readonly batch: number;
  /** Frame size, pixels. */
  readonly height: number;
  readonly width: number;
  /** Consecutive frames. */
  readonly frames: number;
  /** Channels, rows and columns of the context feature. */
  readonly context: readonly [channels: number, rows: number, columns: number];
  readonly parameters: ReadonlyMap<string, Value>;
}

/** `image.3` is the image of the fourth frame of a window. */
export const frameSuffix = (frame: number): string => `.${frame}`;

/**
 * Writes the passes one after the other; gives the outputs of each. Graph inputs: `warped.0`, the context feature
 * before the first frame, warped to it; for each further frame `motion.<t>`, its warp as a matrix (see
 * `warpMatrix`); and the network's other inputs as `<name>.<t>`. Batch norm keeps its stored statistics.
 */
export function unroll(
  tape: Tape,
  description: NetworkDescription,
  { frames, context, ...options }: UnrollOptions,
): Readonly<Record<string, Value>>[] {
  const { graph } = tape;
  const [, rows, columns] = context;
  const cells = rows * columns;
  let previous: Value | undefined;
  return Array.from({ length: frames }, (_, t) => {
    const suffix = frameSuffix(t);
    const warped = previous
      ? tape.apply(warp, [previous, graph.input(`motion${suffix}`, [options.batch, cells, cells])], undefined)
      : graph.input(`warped${suffix}`, [options.batch, ...context]);
    const passOptions = { ...options, norm: 'frozen' as const, inputs: { warped }, suffix };
    const { outputs } = tapeNetwork(tape, description, passOptions);
    previous = outputs.context;
    return outputs;
  });
}
