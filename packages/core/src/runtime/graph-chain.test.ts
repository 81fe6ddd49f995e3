import { onnxEngine } from '@twnet/node/engine/session';
import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.js';
import { type Engine, encodeGraph, type OpenGraph } from './engine.js';
import { openChain } from './graph-chain.js';

/** a + 1 in bytes that become floats, named more; c is twice what it is given. */
function graphs() {
  const first = new Graph();
  const a = first.input('a', [4], 'uint8');
  const float = first.node('Cast', [a], [4], { type: 'float32', attributes: { to: 1 } });
  first.output('more', first.node('Add', [float, first.scalar(1)]));
  const second = new Graph();
  second.output('c', second.node('Mul', [second.input('b', [4]), second.scalar(2)]));
  return [first, second].map(encodeGraph);
}

describe('graphs one after the other', () => {
  it('are as one', async () => {
    const chain = await openChain(onnxEngine, graphs(), {});
    const into = new Float32Array(4);
    const { c } = await chain.run({ a: Uint8Array.of(1, 2, 3, 4) }, { c: into });
    expect(c).toBe(into);
    expect([...into]).toEqual([4, 6, 8, 10]);
    const again = await chain.run({ a: Uint8Array.of(0, 0, 0, 9) });
    expect([...again.c]).toEqual([2, 2, 2, 20]);
    await chain.close();
  });

  it('are all closed where one does not open', async () => {
    let open = 0;
    const counting: Engine = {
      async open(graph, options): Promise<OpenGraph> {
        const opened = await onnxEngine.open(graph, options);
        open++;
        const close = async () => {
          open--;
          await opened.close();
        };
        return { run: (feeds, into) => opened.run(feeds, into), close };
      },
    };
    const [first, second] = graphs();
    await expect(openChain(counting, [first, { ...second, model: new Uint8Array(9) }], {})).rejects.toThrow();
    expect(open).toBe(0);
  });
});
