import { Graph, type Value } from '@twnet/core/graph/graph';
import type { FlowLayout } from './flow-layout.js';

const FLOAT = 1;

/**
 * From 8-bit frames to a flow network's pictures, as a graph: inputs `current` and `previous` (uint8
 * [1, 3, height, width]), scaled or padded with their border's pixels to the network's size, values times `scale` plus
 * `offset`. Outputs `first` and `second`, or `both` joined over channels.
 */
export function pictureGraph(
  width: number,
  height: number,
  layout: FlowLayout,
  { scale, offset }: { readonly scale: number; readonly offset: number },
): Graph {
  const graph = new Graph();
  const shape = [1, 3, layout.height, layout.width];
  const picture = (name: string): Value => {
    const frame = [1, 3, height, width];
    const pixels = graph.node('Cast', [graph.input(name, frame, 'uint8')], frame, {
      type: 'float32',
      attributes: { to: FLOAT },
    });
    const fitted = layout.resized ? resize(graph, pixels, shape) : pad(graph, pixels, shape);
    const scaled = graph.node('Mul', [fitted, graph.scalar(scale)], shape);
    return graph.node('Add', [scaled, graph.scalar(offset)], shape);
  };
  const pictures = [picture('current'), picture('previous')];
  if (layout.inputs.length === 1) {
    const joined = [1, 6, layout.height, layout.width];
    graph.output('both', graph.node('Concat', pictures, joined, { attributes: { axis: 1 } }));
  } else {
    graph.output('first', pictures[0]);
    graph.output('second', pictures[1]);
  }
  return graph;
}

function resize(graph: Graph, x: Value, shape: readonly number[]): Value {
  return graph.node('Resize', [x, undefined, undefined, graph.integers(shape)], shape, {
    attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  });
}

function pad(graph: Graph, x: Value, shape: readonly number[]): Value {
  const pads = graph.integers([0, 0, 0, 0, 0, 0, shape[2] - x.shape[2], shape[3] - x.shape[3]]);
  return graph.node('Pad', [x, pads], shape, { attributes: { mode: 'edge' } });
}
