import { GraphSession } from '@twnet/node/engine/session';
import { expect, it } from 'vitest';
import { Graph } from '../graph/graph.js';
import { warpInput } from './warp-graph.js';

it('warps along the motion, whole and half cells, clamped at the border', async () => {
  const graph = new Graph();
  graph.output('warped', warpInput(graph, [1, 1, 3, 4], 16));
  const session = await GraphSession.open(graph);
  const previous = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
  const warp = async (dx: number, dy: number): Promise<number[]> => {
    const motion = new Float32Array(24).fill(dx, 0, 12).fill(dy, 12);
    const { warped } = await session.run({ previous, motion });
    return [...(warped as Float32Array)].map((x) => Math.round(x * 1e4) / 1e4);
  };
  expect(await warp(0, 0)).toEqual([...previous]);
  // Mv = +16: the content moved one cell to the right, so each cell shows its left neighbour's.
  expect(await warp(16, 0)).toEqual([0, 0, 1, 2, 10, 10, 11, 12, 20, 20, 21, 22]);
  expect(await warp(0, -16)).toEqual([10, 11, 12, 13, 20, 21, 22, 23, 20, 21, 22, 23]);
  expect(await warp(8, 0)).toEqual([0, 0.5, 1.5, 2.5, 10, 10.5, 11.5, 12.5, 20, 20.5, 21.5, 22.5]);
  await session.close();
});
