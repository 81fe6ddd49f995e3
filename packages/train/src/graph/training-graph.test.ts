import { Graph, type Operator, sizeOf } from '@twnet/core/graph/graph';
import * as activation from '@twnet/core/graph/operators/activation';
import * as convolution from '@twnet/core/graph/operators/convolution';
import * as elementwise from '@twnet/core/graph/operators/elementwise';
import * as attention from '@twnet/core/graph/operators/linear-attention';
import * as resampling from '@twnet/core/graph/operators/resampling';
import { GraphSession } from '@twnet/node/engine/session';
import { ramp } from '@twnet/testing/check-gradient';
import { describe, expect, it } from 'vitest';
import { differentiable } from './training-graph.js';

describe('derivatives', () => {
  it('are there for every operator of the core', () => {
    const files = [activation, convolution, elementwise, attention, resampling];
    const operators = files.flatMap((file): object[] =>
      Object.values(file).filter((value) => typeof value === 'object'),
    ) as Operator<never>[];
    expect(operators.length).toBeGreaterThan(12);
    for (const operator of operators) expect(differentiable(operator).name).toBe(operator.name);
  });

  it('are asked for in vain of an operator that has none', () => {
    const rounding: Operator = { name: 'round', forward: (_, [x]) => ({ output: x }) };
    expect(() => differentiable(rounding)).toThrow(/operator round has no gradient/);
  });
});

describe('what training writes otherwise than inference gives the same', () => {
  const difference = async <A>(operator: Operator<A>, attributes: A, [rows, columns]: number[]) => {
    const graph = new Graph();
    const x = graph.input('x', [2, 3, rows, columns]);
    const forms = { inference: operator, training: differentiable(operator) };
    for (const [name, form] of Object.entries(forms))
      graph.output(name, form.forward(graph, [x], attributes).output);
    const shapes = Object.keys(forms).map((name) => graph.outputs.get(name)!.shape);
    expect(shapes[0]).toEqual(shapes[1]);
    const session = await GraphSession.open(graph, { threads: 1 });
    const results = await session.run({ x: ramp(x.shape, -1, 1, 7) });
    await session.close();
    const [inference, training] = [results.inference, results.training] as Float32Array[];
    expect(inference).toHaveLength(sizeOf(shapes[0]));
    return inference.reduce((worst, v, i) => Math.max(worst, Math.abs(v - training[i])), 0);
  };

  it.each([[[8, 12]], [[9, 7]]])('%s cells', async (size) => {
    const [rows, columns] = size;
    expect(await difference(resampling.maxPool, { kernel: 3, stride: 2, padding: 1 }, size)).toBe(0);
    expect(await difference(resampling.halve, undefined, size)).toBeLessThan(1e-6);
    expect(await difference(resampling.adaptivePool, { bins: 1 }, size)).toBeLessThan(1e-6);
    expect(await difference(resampling.adaptivePool, { bins: 4 }, size)).toBeLessThan(1e-6);
    expect(await difference(resampling.resize, { rows: 13, columns: 5 }, size)).toBeLessThan(1e-5);
    const cropped = { factor: 4, rows: 4 * rows - 3, columns: 4 * columns };
    expect(await difference(resampling.enlarge, cropped, size)).toBeLessThan(1e-6);
  });
});
