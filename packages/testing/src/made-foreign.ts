/**
 * Segmentation networks as other programs would have written them, for tests: of pictures' colours they make four classes,
 * and no two of them take or give the same.
 */
import { Graph, type Value } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';
import { toHalf } from '@twnet/core/network/half';
import { randomFrom } from './made-motion.js';

export const FOREIGN_CLASSES = ['dark', 'red', 'green', 'blue'] as const;
/** What of a pixel's channels and of one is in a class's score. */
const WEIGHTS = [0, 0, 0, 1.5, -1, -1, -1, 1.5, -1, -1, -1, 1.5];
const BIASES = [0.2, 0, 0, 0];
const CLASSES = FOREIGN_CLASSES.length;

const CAST = { float32: 1, uint8: 2, float16: 10 } as const;

/** Free rows and columns. */
const FREE = [-1, -1];

export const FOREIGN_NETWORKS = {
  /** Patches of 8 × 8 pixels, attention over all of them; logits at stride 8; any size. */
  transformer,
  /** 8-bit pixels, channels last, 128 × 96 and nothing else; scores of every pixel, channels last. */
  fixed,
  /** Labels of every pixel; any size. */
  labels,
  /** Everything in half precision, scores at stride 4; any size. */
  half,
  /** 8-bit weights and activations between quantise/dequantise pairs, scores at stride 4; any size. */
  quantised,
  /** The probability of one class, red, of every pixel; any size. */
  foreground,
} as const satisfies Record<string, () => Graph>;
export type ForeignNetwork = keyof typeof FOREIGN_NETWORKS;

export const foreignNetwork = (kind: ForeignNetwork): Uint8Array => toOnnx(FOREIGN_NETWORKS[kind]());

/** Scores of pixels' colours, means over `stride × stride`. */
function colourScores(graph: Graph, x: Value, stride: number, name = 'head'): Value {
  const grid = [-1, CLASSES, ...FREE];
  const weights = graph.constant(Float32Array.from(WEIGHTS), [CLASSES, 3, 1, 1], `${name}.weight`);
  const biases = graph.constant(Float32Array.from(BIASES), [CLASSES], `${name}.bias`);
  const scores = graph.node('Conv', [x, weights, biases], grid);
  if (stride === 1) return scores;
  const attributes = { kernel_shape: [stride, stride], strides: [stride, stride] };
  return graph.node('AveragePool', [scores], grid, { attributes });
}

function transformer(): Graph {
  const graph = new Graph();
  const random = randomFrom(11);
  const channels = 16;
  const drawn = (shape: number[], scale: number, name: string): Value =>
    graph.constant(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => scale * (2 * random() - 1)),
      shape,
      name,
    );
  const x = graph.input('pixel_values', [-1, 3, ...FREE]);
  const patch = 8;
  const embedding = new Float32Array(channels * 3 * patch * patch);
  // The first three channels are a patch's mean colour.
  for (let c = 0; c < 3; c++)
    embedding.fill(1 / patch ** 2, (3 * c + c) * patch ** 2, (3 * c + c + 1) * patch ** 2);
  const kernel = graph.constant(embedding, [channels, 3, patch, patch], 'patches.weight');
  const patches = graph.node('Conv', [x, kernel], [1, channels, ...FREE], {
    attributes: { kernel_shape: [patch, patch], strides: [patch, patch] },
  });
  const free = [1, -1, channels];
  const flat = graph.node('Reshape', [patches, graph.integers([1, channels, -1])], [1, channels, -1]);
  const tokens = graph.node('Transpose', [flat], free, { attributes: { perm: [0, 2, 1] } });
  const [q, k, v] = ['query', 'key', 'value'].map((name) =>
    graph.node('MatMul', [tokens, drawn([channels, channels], 0.3, `${name}.weight`)], free),
  );
  const keys = graph.node('Transpose', [k], [1, channels, -1], { attributes: { perm: [0, 2, 1] } });
  const likeness = graph.node('MatMul', [q, keys], [1, -1, -1]);
  const attention = graph.node('Softmax', [likeness], [1, -1, -1], { attributes: { axis: -1 } });
  const attended = graph.node('MatMul', [attention, v], free);
  const sum = graph.node('Add', [tokens, graph.node('Mul', [attended, graph.scalar(0.1)], free)], free);
  const head = new Float32Array(channels * CLASSES);
  for (let c = 0; c < 3; c++) for (let k = 0; k < CLASSES; k++) head[c * CLASSES + k] = WEIGHTS[3 * k + c];
  const biases = graph.constant(Float32Array.from(BIASES), [CLASSES], 'head.bias');
  const scored = graph.node(
    'MatMul',
    [sum, graph.constant(head, [channels, CLASSES], 'head.weight')],
    [1, -1, CLASSES],
  );
  const logits = graph.node('Add', [scored, biases], [1, -1, CLASSES]);
  const planes = graph.node('Transpose', [logits], [1, CLASSES, -1], { attributes: { perm: [0, 2, 1] } });
  const shape = graph.node('Shape', [patches], [4], { type: 'int64' });
  const grid = graph.node('Slice', [shape, graph.integers([2]), graph.integers([4])], [2], { type: 'int64' });
  const whole = graph.node('Concat', [graph.integers([1, CLASSES]), grid], [4], {
    type: 'int64',
    attributes: { axis: 0 },
  });
  graph.output('logits', graph.node('Reshape', [planes, whole], [-1, CLASSES, ...FREE]));
  return graph;
}

function fixed(): Graph {
  const graph = new Graph();
  const [height, width] = [96, 128];
  const pixels = graph.input('image:0', [1, height, width, 3], 'uint8');
  const x = graph.node('Cast', [pixels], [1, height, width, 3], {
    type: 'float32',
    attributes: { to: CAST.float32 },
  });
  const centred = graph.node('Div', [graph.node('Sub', [x, graph.scalar(127.5)]), graph.scalar(60)]);
  const planes = graph.node('Transpose', [centred], [1, 3, height, width], {
    attributes: { perm: [0, 3, 1, 2] },
  });
  const scores = colourScores(graph, planes, 1);
  graph.output(
    'segmentation',
    graph.node('Transpose', [scores], [1, height, width, CLASSES], { attributes: { perm: [0, 2, 3, 1] } }),
  );
  return graph;
}

function labels(): Graph {
  const graph = new Graph();
  // Named as graphs of ours name theirs.
  const scores = colourScores(graph, graph.input('image', [-1, 3, ...FREE]), 1);
  graph.output(
    'labels',
    graph.node('ArgMax', [scores], [-1, ...FREE], { type: 'int64', attributes: { axis: 1, keepdims: 0 } }),
  );
  return graph;
}

function half(): Graph {
  const graph = new Graph();
  const x = graph.input('input', [1, 3, ...FREE], 'float16');
  const weights = graph.constant(toHalf(Float32Array.from(WEIGHTS)), [CLASSES, 3, 1, 1], 'head.weight');
  const biases = graph.constant(toHalf(Float32Array.from(BIASES)), [CLASSES], 'head.bias');
  const grid = [1, CLASSES, ...FREE];
  const scores = graph.node('Conv', [x, weights, biases], grid);
  const attributes = { kernel_shape: [4, 4], strides: [4, 4] };
  graph.output('scores', graph.node('AveragePool', [scores], grid, { attributes }));
  return graph;
}

function quantised(): Graph {
  const graph = new Graph();
  const shape = [1, 3, ...FREE];
  const pair = (x: Value, scale: number, zero: number, name: string): Value => {
    const parameters = [graph.scalar(scale), graph.constant(Uint8Array.of(zero), [], `${name}.zero`)];
    const stored = graph.node('QuantizeLinear', [x, ...parameters], x.shape, { type: 'uint8' });
    return graph.node('DequantizeLinear', [stored, ...parameters], x.shape, { type: 'float32' });
  };
  const x = pair(graph.input('input', shape), 0.02, 120, 'input');
  const scale = 0.02;
  const bytes = Uint8Array.from(WEIGHTS, (weight) => Math.round(weight / scale) + 128);
  const weights = graph.node(
    'DequantizeLinear',
    [
      graph.constant(bytes, [CLASSES, 3, 1, 1], 'head.weight'),
      graph.scalar(scale),
      graph.constant(Uint8Array.of(128), [], 'head.zero'),
    ],
    [CLASSES, 3, 1, 1],
    { type: 'float32' },
  );
  const biases = graph.constant(Float32Array.from(BIASES), [CLASSES], 'head.bias');
  const grid = [1, CLASSES, ...FREE];
  const scores = pair(graph.node('Conv', [x, weights, biases], grid), 0.06, 128, 'scores');
  const attributes = { kernel_shape: [4, 4], strides: [4, 4] };
  graph.output('output', graph.node('AveragePool', [scores], grid, { attributes }));
  return graph;
}

function foreground(): Graph {
  const graph = new Graph();
  const x = graph.input('x', [1, 3, ...FREE]);
  const weights = graph.constant(Float32Array.of(1.5, -1, -1), [1, 3, 1, 1], 'head.weight');
  const score = graph.node('Conv', [x, weights], [1, 1, ...FREE]);
  graph.output('mask', graph.node('Sigmoid', [score], [1, 1, ...FREE]));
  return graph;
}
