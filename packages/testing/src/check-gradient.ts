/**
 * Test support: an operator's derivative against central differences, run on ONNX Runtime. The loss is a
 * fixed random combination of the outputs; every element of every differentiated input is nudged in turn.
 */
import { Graph, type Shape, sizeOf, type Value } from '@twnet/core/graph/graph';
import { GraphSession } from '@twnet/node/engine/session';
import { multiply } from '@twnet/train/graph/gradients/elementwise';
import { type Differentiable, differentiate, Tape } from '@twnet/train/graph/tape';

export interface CheckedInput {
  readonly shape: Shape;
  readonly data: Float32Array | Uint8Array;
  /** Default true for float inputs. */
  readonly differentiated?: boolean;
}

/** Deterministic values in [low, high). */
export function ramp(shape: Shape, low: number, high: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  });
}

/** Largest |analytic − numeric| relative to the largest numeric derivative, over all differentiated inputs. */
export async function gradientError<A>(
  operator: Differentiable<A>,
  inputs: readonly CheckedInput[],
  attributes: A,
  step = 1e-2,
): Promise<number> {
  const graph = new Graph();
  const tape = new Tape(graph);
  const values = inputs.map(({ shape, data }, i) =>
    graph.input(`x${i}`, shape, data instanceof Uint8Array ? 'uint8' : 'float32'),
  );
  const loss = projectedSum(tape, tape.apply(operator, values, attributes));
  const checked = inputs.flatMap(({ data, differentiated = data instanceof Float32Array }, i) =>
    differentiated ? [i] : [],
  );
  const gradients = differentiate(
    tape,
    loss,
    checked.map((i) => values[i]),
  );
  graph.output('loss', loss);
  for (const i of checked) graph.output(`g${i}`, gradients.get(`x${i}`)!);
  const session = await GraphSession.open(graph, { threads: 1 });

  const feeds = Object.fromEntries(inputs.map(({ data }, i) => [`x${i}`, data.slice()]));
  const analytic = await session.run(feeds);
  let worst = 0;
  let largest = 1e-6;
  for (const i of checked) {
    const nudged = feeds[`x${i}`] as Float32Array;
    for (let k = 0; k < nudged.length; k++) {
      const lossAt = async (value: number): Promise<number> => {
        nudged[k] = value;
        return Number((await session.run(feeds)).loss[0]);
      };
      const original = nudged[k];
      const numeric = ((await lossAt(original + step)) - (await lossAt(original - step))) / (2 * step);
      nudged[k] = original;
      worst = Math.max(worst, Math.abs(numeric - Number(analytic[`g${i}`][k])));
      largest = Math.max(largest, Math.abs(numeric));
    }
  }
  await session.close();
  return worst / largest;
}

/** Σ r ⊙ y with fixed random r, so that no error can hide by symmetry. */
function projectedSum(tape: Tape, y: Value): Value {
  if (y.shape.length === 0) return y;
  const weights = tape.graph.constant(ramp(y.shape, -1, 1, 77), y.shape);
  return tape.apply(sumAll, [tape.apply(multiply, [y, weights], undefined)], undefined);
}

const sumAll: Differentiable = {
  name: 'sumAll',
  forward: (graph, [x]) => ({ output: graph.reduce('ReduceSum', x) }),
  gradient: ({ graph, inputs: [x], gradient }) => [
    graph.node('Expand', [gradient, graph.integers(x.shape)], x.shape),
  ],
};
