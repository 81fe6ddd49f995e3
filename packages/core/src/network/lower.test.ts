import { GraphSession } from '@twnet/node/engine/session';
import { expect, it } from 'vitest';
import { sizeOf } from '../graph/graph.js';
import { seededRandom } from '../random.js';
import { inferenceGraph } from './inference-graph.js';
import { LayerList } from './layers.js';
import { randomWeights } from './random-weights.js';
import { layerMacs, layerShapes, networkParameters } from './shapes.js';

/** A network with every kind of layer, each of which is an output. */
function everyKind() {
  const list = new LayerList();
  const image = list.pixels('image');
  const swish = { norm: true, activation: 'hardSwish' } as const;
  const stem = list.convolution('stem', image, 8, { kernel: 3, stride: 2, bias: true, activation: 'relu6' });
  const deep = list.convolution('deep', stem, 8, { ...swish, kernel: 5, stride: 2, padding: 'both' });
  const groups = list.convolution('groups', deep, 12, { kernel: 3, groups: 4 });
  const depth = list.convolution('depth', deep, 8, { kernel: 3, depthwise: true, stride: 2 });
  const pooled = list.maxPool('pooled', stem);
  const attended = list.linearAttention('attended', groups, 2);
  list.activation('gate', list.scale('scaled', attended, 0.5), 'sigmoid');
  list.join('add', 'sum', [pooled, deep]);
  list.join('multiply', 'product', [list.features('guide', 1, 4), 'sum']);
  list.join('concat', 'joined', [attended, 'product']);
  list.resize('spread', list.pool('average', depth, 3), stem);
  list.enlarge('twice', depth, pooled);
  list.enlarge('fourfold', depth, stem, 4);
  list.halve('half', groups);
  const outputs = Object.fromEntries(
    list.layers.filter(({ kind }) => kind !== 'input').map(({ name }) => [name, name]),
  );
  return { name: 'every-kind', layers: list.layers, outputs };
}

it.each([
  [32, 64],
  [37, 50],
])('every kind of layer has the shape that ONNX Runtime gives it, %i × %i', async (height, width) => {
  const description = everyKind();
  expect([...new Set(description.layers.map(({ kind }) => kind))].sort()).toEqual([
    ...['activation', 'add', 'concat', 'convolution', 'enlarge', 'halve', 'input', 'linearAttention'],
    ...['maxPool', 'multiply', 'pool', 'resize', 'scale'],
  ]);
  const weights = randomWeights(description, seededRandom(1));
  const graph = inferenceGraph(description, weights, height, width);
  const shapes = layerShapes(description, height, width);
  const session = await GraphSession.open(graph, { threads: 1 });
  const feeds = graph.inputs.map(({ name, shape, type }) => [
    name,
    type === 'uint8' ? new Uint8Array(sizeOf(shape)).fill(9) : new Float32Array(sizeOf(shape)).fill(1),
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.close();
  for (const name of Object.keys(description.outputs)) {
    const { channels, rows, columns } = shapes.get(name)!;
    expect(graph.outputs.get(name)!.shape, name).toEqual([1, channels, rows, columns]);
    expect(results[name].length, name).toBe(channels * rows * columns);
  }
  const grid = (stride: number) => [Math.ceil(height / stride), Math.ceil(width / stride)];
  const gridOf = (name: string) => [shapes.get(name)!.rows, shapes.get(name)!.columns];
  expect(['stem', 'deep', 'depth'].map(gridOf)).toEqual([2, 4, 8].map(grid));
  expect(['average', 'spread', 'twice', 'fourfold', 'half'].map(gridOf)).toEqual([
    [3, 3],
    ...[2, 4, 2, 8].map(grid),
  ]);
});

it('parameters and multiply-adds by hand', () => {
  const description = everyKind();
  expect(
    networkParameters(description).flatMap(({ layer, role, shape }) =>
      layer === 'deep' || layer === 'groups' ? [`${layer} ${role} ${shape.join('×')}`] : [],
    ),
  ).toEqual([
    ...['deep weight 8×8×5×5', 'deep gamma 8', 'deep beta 8', 'deep mean 8', 'deep variance 8'],
    'groups weight 12×2×3×3',
  ]);
  // 8 × 16 cells at stride 4; attention of 4 channels with 2 queries, keys and values a group.
  const macs = layerMacs(description, 32, 64);
  expect([...macs.keys()]).toEqual(['stem', 'deep', 'groups', 'depth', 'attended']);
  expect(macs.get('groups')).toBe(8 * 16 * 12 * 2 * 9);
  expect(macs.get('attended')).toBe(8 * 16 * 4 * (2 * 2 + 1));
});

it('refuses a layer that is read before it is made', () => {
  const list = new LayerList();
  list.halve('half', 'later');
  const description = { name: 'n', layers: list.layers, outputs: {} };
  expect(() => layerShapes(description, 8, 8)).toThrow(/layer later is read before it is made/);
});
