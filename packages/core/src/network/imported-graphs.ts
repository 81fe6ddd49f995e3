/**
 * The two small graphs that a network of another program runs between. Before it: a frame's 8-bit pixels become the
 * picture that it takes. Behind it: what it gives becomes class scores on the grid that is propagated, and, where it sees
 * finer than that, labels.
 */
import { type ElementType, Graph, type Value } from '../graph/graph.js';
import {
  answerShape,
  GRID_STRIDE,
  type ImportedInput,
  type ImportedOutput,
  type ImportedSizes,
  type Layout,
  pictureShape,
} from './imported-network.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Scores of what comes as labels: a class that is certain. As large as a network's own are where it is sure. */
const CERTAIN = 8;

const TYPE_CODES = { float32: 1, uint8: 2, int32: 6, float16: 10 } as const;

function cast(graph: Graph, x: Value, type: keyof typeof TYPE_CODES): Value {
  if (x.type === type) return x;
  return graph.node('Cast', [x], x.shape, { type, attributes: { to: TYPE_CODES[type] } });
}

/** From `image` (uint8 [1, 3, height, width], planar RGB) to `picture`, the network's. */
export function pictureGraph(input: ImportedInput, { frame, canvas, picture }: ImportedSizes): Graph {
  const graph = new Graph();
  const image = graph.input('image', [1, 3, frame.height, frame.width], 'uint8');
  let x = pad(graph, cast(graph, image, 'float32'), canvas);
  x = resize(graph, x, picture);
  if (input.order === 'BGR') {
    const reversed = graph.integers([2, 1, 0]);
    x = graph.node('Gather', [x, reversed], x.shape, { attributes: { axis: 1 } });
  }
  const perChannel = (values: readonly number[]): Value =>
    graph.constant(Float32Array.from(values), [1, 3, 1, 1]);
  const { mean, deviation } = input;
  if (mean.some((value) => value !== 0)) x = graph.node('Sub', [x, perChannel(mean)]);
  if (deviation.some((value) => value !== 1))
    x = graph.node('Mul', [x, perChannel(deviation.map((value) => 1 / value))]);
  if (input.type === 'uint8')
    x = graph.node('Clip', [graph.node('Round', [x]), graph.scalar(0), graph.scalar(255)], x.shape);
  x = cast(graph, x, input.type);
  if (input.layout === 'NHWC')
    x = graph.node('Transpose', [x], pictureShape(input, picture), { attributes: { perm: [0, 2, 3, 1] } });
  graph.output('picture', x);
  return graph;
}

/**
 * From what the network gives (`answer`) to `scores` [1, classes, rows, columns] on the grid; and `labels`
 * [1, height, width], uint8, of the frame's size, where the network sees finer than the grid: its own, 255 where they name
 * no class.
 */
export function answerGraph(output: ImportedOutput, sizes: ImportedSizes, classes: number): Graph {
  const graph = new Graph();
  const given = graph.input('answer', answerShape(output, sizes.answer, classes), output.type as ElementType);
  if (output.content === 'labels') labelAnswer(graph, given, sizes, classes);
  else scoreAnswer(graph, planes(graph, given, output, sizes), sizes, classes, output);
  return graph;
}

/** [1, channels, rows, columns]. */
function planes(
  graph: Graph,
  given: Value,
  { content, layout, rank }: ImportedOutput,
  { answer }: ImportedSizes,
): Value {
  const { rows, columns } = answer;
  const channels = content === 'foreground' ? 1 : sizeOfChannels(given, layout);
  const [first, perm] =
    layout === 'NCHW' || channels === 1
      ? [[1, channels, rows, columns], undefined]
      : [
          [1, rows, columns, channels],
          [0, 3, 1, 2],
        ];
  const x = rank === 4 && channels > 1 ? given : graph.reshape(given, first);
  return perm ? graph.node('Transpose', [x], [1, channels, rows, columns], { attributes: { perm } }) : x;
}

const sizeOfChannels = ({ shape }: Value, layout: Layout): number =>
  layout === 'NCHW' ? shape[shape.length - 3] : shape[shape.length - 1];

function scoreAnswer(
  graph: Graph,
  given: Value,
  sizes: ImportedSizes,
  classes: number,
  { threshold = 0 }: ImportedOutput,
): void {
  const { answer, canvas } = sizes;
  const known = cast(graph, given, 'float32');
  // A class against the rest: their scores part where it reaches the threshold.
  const scores =
    known.shape[1] === classes ? known : graph.concat([against(graph, known, 2 * threshold), known], 1);
  graph.output('scores', onGrid(graph, scores, sizes));
  const cells = cellsOf(canvas);
  if (answer.rows <= cells.height || answer.columns <= cells.width) return;
  const isWhole = answer.rows >= canvas.height;
  const fine = isWhole ? scores : resize(graph, scores, canvas);
  const best = graph.node('ArgMax', [fine], [1, 1, ...fine.shape.slice(2)], {
    type: 'int64',
    attributes: { axis: 1, keepdims: 1 },
  });
  labelOutput(graph, cast(graph, best, 'uint8'), sizes);
}

const against = (graph: Graph, x: Value, whole: number): Value =>
  graph.node('Sub', [graph.scalar(whole), x], x.shape);

function labelAnswer(graph: Graph, given: Value, sizes: ImportedSizes, classes: number): void {
  const { answer } = sizes;
  const map = graph.reshape(given, [1, 1, answer.rows, answer.columns]);
  const ids = cast(graph, map, 'int32');
  const known = graph.constant(
    Int32Array.from({ length: classes }, (_, id) => id),
    [1, classes, 1, 1],
  );
  const shape = [1, classes, answer.rows, answer.columns];
  const isClass = graph.node('Equal', [ids, known], shape, { type: 'bool' });
  const certain = graph.node('Mul', [cast(graph, isClass, 'float32'), graph.scalar(CERTAIN)], shape);
  graph.output('scores', onGrid(graph, certain, sizes));
  const limit = (value: number): Value => graph.constant(Int32Array.of(value), []);
  const isNone = graph.node('Or', [
    graph.node('Less', [ids, limit(0)], map.shape, { type: 'bool' }),
    graph.node('Less', [limit(classes - 1), ids], map.shape, { type: 'bool' }),
  ]);
  const named = graph.node('Where', [isNone, limit(255), ids], map.shape, { type: 'int32' });
  labelOutput(graph, cast(graph, named, 'uint8'), sizes);
}

/** Labels of the canvas as those of the frame. */
function labelOutput(graph: Graph, labels: Value, { frame, canvas }: ImportedSizes): void {
  const { height, width } = canvas;
  const [, , rows, columns] = labels.shape;
  const whole =
    rows === height && columns === width
      ? labels
      : graph.node(
          'Resize',
          [labels, undefined, undefined, graph.integers([1, 1, height, width])],
          [1, 1, height, width],
          {
            attributes: {
              mode: 'nearest',
              coordinate_transformation_mode: 'half_pixel',
              nearest_mode: 'round_prefer_floor',
            },
          },
        );
  graph.output('labels', graph.reshape(crop(graph, whole, frame), [1, frame.height, frame.width]));
}

/** Planes over the canvas on the grid's cells: means of those within a cell, or between them what is bilinear. */
function onGrid(graph: Graph, x: Value, { canvas, grid }: ImportedSizes): Value {
  return crop(graph, resize(graph, x, cellsOf(canvas)), { width: grid.columns, height: grid.rows });
}

const cellsOf = ({ width, height }: Size): Size => ({
  width: width / GRID_STRIDE,
  height: height / GRID_STRIDE,
});

function pad(graph: Graph, x: Value, { width, height }: Size): Value {
  const [, , rows, columns] = x.shape;
  if (rows === height && columns === width) return x;
  const pads = graph.integers([0, 0, 0, 0, 0, 0, height - rows, width - columns]);
  return graph.node('Pad', [x, pads], [x.shape[0], x.shape[1], height, width], {
    attributes: { mode: 'edge' },
  });
}

function crop(graph: Graph, x: Value, { width, height }: Size): Value {
  const tall = x.shape[2] > height ? graph.slice(x, 2, 0, height) : x;
  return tall.shape[3] > width ? graph.slice(tall, 3, 0, width) : tall;
}

/** Bilinear, as Pillow does it: what gets smaller is the mean of what it covers. */
function resize(graph: Graph, x: Value, { width, height }: Size): Value {
  const [n, channels, rows, columns] = x.shape;
  if (rows === height && columns === width) return x;
  const shape = [n, channels, height, width];
  const [down, across] = [rows / height, columns / width];
  if (Number.isInteger(down) && Number.isInteger(across))
    return graph.node('AveragePool', [x], shape, {
      attributes: { kernel_shape: [down, across], strides: [down, across] },
    });
  return graph.node('Resize', [x, undefined, undefined, graph.integers(shape)], shape, {
    attributes: {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
      antialias: Number(down > 1 || across > 1),
    },
  });
}
